package io.contree.server.http.exchange;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends connections that make no progress: the web server's channels have no timeouts. A thread says how long it is
 * about to wait; if it is not back in time it is interrupted, which closes the channel that it waits on.
 */
public final class ConnectionWatch implements AutoCloseable {
    private static final long MAX_PERIOD = Duration.ofSeconds(1).toNanos();

    private final Map<Thread, Long> deadlines = new ConcurrentHashMap<>();
    private final Thread sweeper;

    public ConnectionWatch(Duration shortest) {
        long period = Math.min(MAX_PERIOD, Math.max(1_000_000, shortest.toNanos() / 4));
        sweeper = Thread.ofVirtual().name("connection-watch").start(() -> sweep(period));
    }

    /** The current thread is about to wait for its peer, for at most this long. */
    public void begin(Duration limit) {
        deadlines.put(Thread.currentThread(), System.nanoTime() + limit.toNanos());
    }

    /** The current thread is back. */
    public void end() {
        deadlines.remove(Thread.currentThread());
    }

    private void sweep(long period) {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(period);
            long now = System.nanoTime();
            deadlines.forEach((thread, deadline) -> {
                if (deadline - now < 0 && deadlines.remove(thread, deadline)) {
                    thread.interrupt();
                }
            });
        }
    }

    @Override
    public void close() {
        sweeper.interrupt();
    }
}
