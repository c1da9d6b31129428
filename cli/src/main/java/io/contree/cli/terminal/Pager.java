package io.contree.cli.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * What long output goes through where a person reads it: the program in {@code PAGER}, else {@code less}, started so that it ends by
 * itself when all fits on the screen. Elsewhere, or with {@code PAGER} empty or {@code cat}, or where there is none, output goes where it always
 * does.
 */
public final class Pager {
    private Pager() {}

    /** Writes the output; does not close the stream. */
    public interface Output {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Returns when the person has seen enough, which may be before all is written. */
    public static void show(Terminal terminal, Output output) throws IOException {
        Optional<Process> pager = terminal.interactiveOut() ? start() : Optional.empty();
        if (pager.isEmpty()) {
            output.writeTo(terminal.out());
            terminal.out().flush();
            return;
        }
        try (OutputStream out = pager.get().getOutputStream()) {
            output.writeTo(out);
        } catch (IOException e) {
            if (pager.get().isAlive()) {
                throw e;
            }
        } finally {
            await(pager.get());
        }
    }

    private static Optional<Process> start() {
        String named = System.getenv("PAGER");
        if ("".equals(named) || "cat".equals(named)) {
            return Optional.empty();
        }
        List<String> command = named == null ? List.of("less") : List.of("sh", "-c", named);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putIfAbsent("LESS", "FRX");
        try {
            return Optional.of(builder.start());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void await(Process pager) {
        try {
            pager.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
