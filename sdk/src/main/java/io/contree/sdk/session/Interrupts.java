package io.contree.sdk.session;

import io.contree.sdk.CallInterruptedException;
import java.util.concurrent.locks.Lock;

/** Waiting for locks, with an interrupt as an exception of the client. */
final class Interrupts {
    private Interrupts() {}

    static void lock(Lock lock, String what) {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    static CallInterruptedException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new CallInterruptedException("could not wait for " + what + " of a session: interrupted", cause);
    }
}
