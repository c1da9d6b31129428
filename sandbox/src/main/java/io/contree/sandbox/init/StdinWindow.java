package io.contree.sandbox.init;

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

    /** Waits until this many bytes are free. Returns how many are: fewer if the time ran out first, -1 if closed. */
    int await(int wanted, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (free < wanted && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return closed ? -1 : free;
        } finally {
            lock.unlock();
        }
    }

    /** Takes up to {@code wanted} bytes as soon as one is free: 0 if the time ran out first, -1 if closed. */
    int take(int wanted, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            int taken = Math.min(wanted, await(1, nanos));
            free -= Math.max(0, taken);
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

    /** Nanoseconds of a duration, even if they exceed what a long can hold. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
