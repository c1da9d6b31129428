package io.contree.linux;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets other virtual threads have their turn while this one computes: it never loses its core otherwise, and
 * {@link Thread#yield} may give it right back. One thread's.
 */
public final class Turn {
    private static final long LENGTH = 5_000_000;
    private static final long PAUSE = 1_000;

    private long begun = System.nanoTime();

    /** Steps aside for a moment if this turn has been long; to be called every few milliseconds. */
    public void pass() {
        if (System.nanoTime() - begun > LENGTH) {
            LockSupport.parkNanos(PAUSE);
            begun = System.nanoTime();
        }
    }
}
