package io.contree.sdk.async;

import org.jspecify.annotations.Nullable;

/** Interrupts a thread while it is at one piece of work, and never afterwards, when it may be at another. */
final class Interruption {
    private @Nullable Thread inside;
    private boolean stopped;

    /** Called by the thread that is to do the work; false if it was stopped before. */
    synchronized boolean enter() {
        if (stopped) {
            return false;
        }
        inside = Thread.currentThread();
        return true;
    }

    /** Called by the same thread; takes back an interrupt that was meant for this work. */
    synchronized void leave() {
        if (stopped) {
            Thread.interrupted();
        }
        if (inside == Thread.currentThread()) {
            inside = null;
        }
    }

    synchronized boolean stopped() {
        return stopped;
    }

    /** Interrupts the work, or keeps it from starting. A thread that stops its own work is not interrupted. */
    synchronized void stop() {
        stopped = true;
        if (inside != null && inside != Thread.currentThread()) {
            inside.interrupt();
        }
    }
}
