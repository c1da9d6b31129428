package io.contree.cli.local;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What a writer writes, to be read as it comes: a writer that fails makes the reader fail instead of ending early. */
final class PackedStream extends FilterInputStream {
    private static final int BUFFER = 1 << 20;

    private final CompletableFuture<Boolean> written = new CompletableFuture<>();

    /** Writes everything and does not close the stream. */
    interface Writer {
        void write(OutputStream out) throws IOException;
    }

    private PackedStream(PipedInputStream in) {
        super(in);
    }

    /** Starts the writer; it ends when this is closed. */
    static PackedStream of(Writer writer) {
        PipedInputStream in = new PipedInputStream(BUFFER);
        PackedStream stream = new PackedStream(in);
        Thread.ofPlatform().daemon().name("pack").start(() -> {
            try (OutputStream out = new BufferedOutputStream(new PipedOutputStream(in), BUFFER / 4)) {
                writer.write(out);
                out.flush();
                stream.written.complete(true);
            } catch (IOException | RuntimeException | Error e) {
                stream.written.completeExceptionally(e);
            }
        });
        return stream;
    }

    @Override
    public int read() throws IOException {
        int read = in.read();
        if (read < 0) {
            requireWhole();
        }
        return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        if (read < 0) {
            requireWhole();
        }
        return read;
    }

    private void requireWhole() throws IOException {
        try {
            written.get();
        } catch (ExecutionException e) {
            throw new IOException("the rest could not be packed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Why the writer failed, once it has. */
    Optional<Throwable> failure() {
        return written.isCompletedExceptionally() ? Optional.of(written.exceptionNow()) : Optional.empty();
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
