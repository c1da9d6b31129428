package io.contree.linux;

import java.util.concurrent.locks.LockSupport;

/**
 * The time slice of a virtual thread that computes. Nothing preempts it, so it has to let the others run now and then, and
 * {@link Thread#yield} may give its core right back. For use by one thread.
 */
public final class TimeSlice {
    private static final long LENGTH = 5_000_000;
    private static final long PAUSE = 1_000;

    private long begun = System.nanoTime();

    /** Steps aside for a moment if the slice is used up; to be called every few milliseconds. */
    public void yieldWhenUsedUp() {
        if (System.nanoTime() - begun > LENGTH) {
            LockSupport.parkNanos(PAUSE);
            begun = System.nanoTime();
        }
    }
}
