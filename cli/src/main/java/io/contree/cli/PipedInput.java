package io.contree.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Standard input for a run. A file is read whole. A pipe may be somebody's output or just be there, open and silent for
 * ever: if nothing comes through it for a while, the run starts without it and says so.
 */
final class PipedInput {
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final Duration patience;

    PipedInput(Terminal terminal) {
        this(terminal, PATIENCE);
    }

    PipedInput(Terminal terminal, Duration patience) {
        this.terminal = terminal;
        this.patience = patience;
    }

    /** Everything up to its end; empty if there is none. With {@code await} however long the first byte takes. */
    byte[] read(boolean await) {
        try {
            return switch (terminal.stdinKind()) {
                case NONE -> new byte[0];
                case FILE -> terminal.in().readAllBytes();
                case PIPE -> await ? terminal.in().readAllBytes() : readUnlessSilent();
            };
        } catch (IOException e) {
            throw new UncheckedIOException("could not read standard input: " + e, e);
        }
    }

    private byte[] readUnlessSilent() throws IOException {
        // Only a thread can wait for a pipe with a limit; it is left behind in its read if nothing comes.
        CompletableFuture<Integer> first = new CompletableFuture<>();
        Thread reader = new Thread(() -> readFirst(first), "stdin");
        reader.setDaemon(true);
        reader.start();
        try {
            int read = first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return read < 0 ? new byte[0] : withRest(read);
        } catch (TimeoutException e) {
            terminal.err()
                    .println("contree: nothing on standard input for " + patience.toMillis()
                            + " ms; running without it (-i waits, </dev/null skips this)");
            return new byte[0];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void readFirst(CompletableFuture<Integer> first) {
        try {
            first.complete(terminal.in().read());
        } catch (IOException e) {
            first.completeExceptionally(e);
        }
    }

    private byte[] withRest(int first) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(first);
        terminal.in().transferTo(all);
        return all.toByteArray();
    }
}
