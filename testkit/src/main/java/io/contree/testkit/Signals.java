package io.contree.testkit;

import java.io.IOException;

/** Signals that {@link ProcessHandle} has no method for. */
public final class Signals {
    private Signals() {}

    /**
     * Sends a signal by its name, such as {@code STOP}, to a process. Needs no program but a shell: its built-in kill is
     * always there, the one of procps is not.
     *
     * @throws AssertionError if the process is not there
     */
    public static void send(long pid, String name) throws IOException, InterruptedException {
        new Program("sh").run("-c", "kill -" + name + " " + pid);
    }
}
