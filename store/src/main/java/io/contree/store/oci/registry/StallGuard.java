package io.contree.store.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream that stays silent for too long, so that its reader wakes up and fails. */
final class StallGuard implements AutoCloseable {
    private final InputStream stream;
    private final Duration limit;
    private final Thread thread;
    private volatile long alive;

    StallGuard(InputStream stream, Duration limit) {
        this.stream = stream;
        this.limit = limit;
        this.thread = Thread.startVirtualThread(this::watch);
    }

    /** Notes that something came. For one thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void touch() {
        alive++;
    }

    private void watch() {
        try {
            long seen;
            do {
                seen = alive;
                Thread.sleep(limit);
            } while (seen != alive);
            stream.close();
        } catch (InterruptedException | IOException e) {
            // An interrupt is how the guard ends; a stream that cannot be closed is broken for its reader too.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
