package io.contree.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a thread of its own reads a little ahead, so that one can wait for it with a time limit, which a pipe
 * does not allow. For use by one thread at a time. If nothing ends that thread's read, the thread is left behind.
 */
final class ReadAhead extends InputStream {
    private static final int PIECE = 64 << 10;
    private static final int AHEAD = 4;
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(AHEAD);
    private volatile @Nullable IOException failure;
    private byte[] piece = {};
    private int at;
    private boolean ended;

    private ReadAhead() {}

    static ReadAhead of(InputStream from) {
        ReadAhead ahead = new ReadAhead();
        Thread reader = new Thread(() -> ahead.fill(from), "stdin");
        reader.setDaemon(true);
        reader.start();
        return ahead;
    }

    private void fill(InputStream from) {
        try {
            byte[] buffer = new byte[PIECE];
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                if (read > 0) {
                    pieces.put(Arrays.copyOf(buffer, read));
                }
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
        endOnceThereIsRoom();
    }

    private void endOnceThereIsRoom() {
        try {
            pieces.put(END);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /**
     * Waits until something can be read or the stream has ended.
     *
     * @return false if the time ran out first
     */
    boolean await(Duration atMost) throws IOException, InterruptedException {
        if (at < piece.length || ended) {
            return true;
        }
        byte[] next = pieces.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return false;
        }
        take(next);
        return true;
    }

    /** True if waiting has found the end. */
    boolean ended() {
        return ended;
    }

    private void take(byte[] next) throws IOException {
        piece = next;
        at = 0;
        ended = next.length == 0;
        IOException failed = failure;
        if (ended && failed != null) {
            throw failed;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        try {
            if (at == piece.length && !ended) {
                take(pieces.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while waiting for input");
        }
        if (ended) {
            return -1;
        }
        int read = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, bytes, offset, read);
        at += read;
        return read;
    }
}
