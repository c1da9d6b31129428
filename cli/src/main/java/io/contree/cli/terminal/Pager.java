package io.contree.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * What long output goes through where a person reads it: the program in {@code PAGER}, else {@code less}, started so that it ends by
 * itself when all fits on the screen. Elsewhere, or with {@code PAGER} empty or {@code cat}, or where there is none, output goes where it always
 * does. Closing waits until the person has seen enough.
 */
public final class Pager implements AutoCloseable {
    private final OutputStream out;
    private final Optional<Process> process;

    private Pager(OutputStream out, Optional<Process> process) {
        this.out = out;
        this.process = process;
    }

    public static Pager on(Terminal terminal) {
        String named = System.getenv("PAGER");
        if (!terminal.interactiveOut() || "".equals(named) || "cat".equals(named)) {
            return direct(terminal.out());
        }
        List<String> command = named == null ? List.of("less") : List.of("sh", "-c", named);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putIfAbsent("LESS", "FRX");
        try {
            Process started = builder.start();
            return new Pager(started.getOutputStream(), Optional.of(started));
        } catch (IOException e) {
            return direct(terminal.out());
        }
    }

    private static Pager direct(PrintStream stream) {
        return new Pager(
                new FilterOutputStream(stream) {
                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        stream.write(bytes, from, length);
                    }

                    @Override
                    public void close() {
                        stream.flush();
                    }
                },
                Optional.empty());
    }

    public OutputStream out() {
        return out;
    }

    /** True once nobody reads any more, which is no failure. */
    public boolean isOver() {
        return process.filter(running -> !running.isAlive()).isPresent();
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (IOException e) {
            if (process.isEmpty()) {
                throw e;
            }
        }
        if (process.isPresent()) {
            try {
                process.get().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
