package io.contree.sandbox;

import java.time.Duration;

/** One process of a sandbox. Safe for use by several threads. */
public interface SandboxProcess {
    /** 1 for the main process, then 2, 3, … in the order of spawning. */
    int spid();

    /** True until its end has been reported. */
    boolean isAlive();

    /**
     * Waits until this many bytes can be written without blocking, provided that nobody else writes.
     *
     * @param bytes at most 65,536
     * @return false if the time ran out first because the process does not read
     * @throws SandboxException CLOSED if its standard input is closed or it ended
     */
    boolean awaitStdin(int bytes, Duration timeout) throws InterruptedException;

    /**
     * Writes to its standard input, in order, with flow control.
     *
     * @return how many bytes were taken before the time ran out: all, or fewer if the process does not read
     * @throws SandboxException CLOSED if its standard input is closed or it ended
     */
    int writeStdin(byte[] bytes, Duration timeout) throws InterruptedException;

    /**
     * Ends its standard input after what was written.
     *
     * @throws SandboxException CLOSED if it is closed already or the process ended
     */
    void closeStdin();

    /**
     * Sends a signal to its process group.
     *
     * @throws SandboxException CLOSED if it ended
     */
    void signal(int number);
}
