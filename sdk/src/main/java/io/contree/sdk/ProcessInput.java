package io.contree.sdk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Standard input of a process, sent in pieces that are small enough to be taken as a whole or not at all: what a process does
 * not read yet is sent again, for as long as it takes.
 */
final class ProcessInput extends OutputStream {
    private static final int PIECE = 64 << 10;
    private static final int PAUSE_MILLIS = 50;

    private final Subprocess process;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private boolean closed;

    ProcessInput(Subprocess process) {
        this.process = process;
    }

    @Override
    public synchronized void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (closed) {
            throw new IOException("Stream closed: the input of " + process);
        }
        for (int at = 0; at < length; ) {
            int piece = Math.min(PIECE - waiting.size(), length - at);
            waiting.write(bytes, offset + at, piece);
            at += piece;
            if (waiting.size() == PIECE) {
                flush();
            }
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (waiting.size() > 0) {
            send(false);
        }
    }

    /** Sends what waits, and the end; an input that is closed already stays so. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            send(true);
        }
    }

    private void send(boolean close) throws IOException {
        byte[] bytes = waiting.toByteArray();
        waiting.reset();
        try {
            while (!taken(bytes, close)) {
                pause();
            }
        } catch (NotFoundException | ConflictException e) {
            // Closing the input of a process that has ended, or closed it itself, loses nothing.
            if (!close || bytes.length > 0) {
                throw new IOException("Broken pipe: " + e.getMessage(), e);
            }
        } catch (ContreeClientException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Usually the server has waited already; one that refuses at once must not be asked in a tight loop. */
    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a process did not read its input");
        }
    }

    /** False if the server says that nothing was taken and that it may be sent again. */
    private boolean taken(byte[] bytes, boolean close) {
        try {
            process.send(bytes, close);
            return true;
        } catch (UnavailableException e) {
            if (e.retryAfter().isEmpty()) {
                throw e;
            }
            return false;
        }
    }
}
