package io.contree.sandbox;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How many bytes of standard input may still be on their way to one process. */
final class StdinWindow {
    /** The window of the protocol, in bytes. */
    static final int SIZE = 262_144;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int free = SIZE;
    private boolean closed;

    StdinWindow(boolean open) {
        this.closed = !open;
    }

    /** Takes up to {@code wanted} bytes as soon as one is free: 0 if the time ran out first, -1 if closed. */
    int take(int wanted, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (free == 0 && !closed) {
                if (left <= 0) {
                    return 0;
                }
                left = changed.awaitNanos(left);
            }
            if (closed) {
                return -1;
            }
            int taken = Math.min(wanted, free);
            free -= taken;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    void credit(int bytes) throws BrokenFrameException {
        lock.lock();
        try {
            if (bytes < 0 || bytes > SIZE - free) {
                throw new BrokenFrameException("init acknowledges " + bytes + " bytes of stdin, more than were sent");
            }
            free += bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes; false if it was closed already. */
    boolean close() {
        lock.lock();
        try {
            boolean open = !closed;
            closed = true;
            changed.signalAll();
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds of a duration that may be longer than a long can say. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
