package io.contree.sdk.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Output that waits in memory to be read. It has room for all that a process can write, which the output limit bounds: so a
 * process never hangs because one of its two streams is not read.
 */
final class OutputPipe extends InputStream implements Sink {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    /** How much of the first chunk was read. */
    private int offset;

    private int available;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException incomplete;

    @Override
    public void write(byte[] bytes) {
        lock.lock();
        try {
            if (!closed && bytes.length > 0) {
                chunks.add(bytes);
                available += bytes.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void incomplete(IOException why) {
        lock.lock();
        try {
            incomplete = why;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Where output was dropped, the end is an exception in place of -1. */
    @Override
    public int read(byte[] target, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, target.length);
        lock.lock();
        try {
            while (!closed && len > 0 && chunks.isEmpty() && !ended) {
                changed.await();
            }
            if (closed) {
                throw new IOException("Stream closed");
            }
            if (len == 0) {
                return 0;
            }
            byte[] chunk = chunks.peek();
            if (chunk != null) {
                return take(chunk, target, off, len);
            }
            if (incomplete != null) {
                throw new IOException(incomplete.getMessage(), incomplete);
            }
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("could not wait for output: interrupted");
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] chunk, byte[] target, int off, int len) {
        int count = Math.min(len, chunk.length - offset);
        System.arraycopy(chunk, offset, target, off, count);
        offset += count;
        available -= count;
        if (offset == chunk.length) {
            chunks.remove();
            offset = 0;
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("Stream closed");
            }
            return available;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what was not read, and what is still to come. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            chunks.clear();
            available = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
