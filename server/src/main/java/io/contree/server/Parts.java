package io.contree.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was opened, to be closed in reverse. A part that fails to close does not keep the others open, nor does one that
 * hangs: each has a time limit, after which the next is closed. An interrupt shortens the rest.
 */
final class Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration HURRIED = Duration.ofSeconds(2);

    private final Deque<Part> open = new ArrayDeque<>();
    private @Nullable AutoCloseable guard;
    private boolean hurried;

    private record Part(AutoCloseable closeable, Duration limit) {
        String name() {
            return closeable.getClass().getSimpleName();
        }
    }

    /** Keeps others away from what the parts use: closed when all of them have ended, and not at all if one has not. */
    synchronized <T extends AutoCloseable> T guard(T closeable) {
        guard = closeable;
        return closeable;
    }

    <T extends AutoCloseable> T add(T part) {
        return add(part, LIMIT);
    }

    /** @param limit for closing it */
    synchronized <T extends AutoCloseable> T add(T part, Duration limit) {
        open.push(new Part(part, limit));
        return part;
    }

    @Override
    public synchronized void close() {
        boolean ended = true;
        while (!open.isEmpty()) {
            ended &= close(open.pop());
        }
        AutoCloseable last = guard;
        if (last != null && ended) {
            guard = null;
            close(new Part(last, LIMIT));
        }
        if (hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** False if it does not end: it may be waiting for the disk, a network or another program. */
    private boolean close(Part part) {
        Thread closing =
                Thread.ofPlatform().daemon().name("close-" + part.name()).start(() -> end(part));
        if (awaitEnd(closing, part.limit())) {
            return true;
        }
        StringBuilder where = new StringBuilder();
        for (StackTraceElement frame : closing.getStackTrace()) {
            where.append(where.isEmpty() ? "" : " < ").append(frame);
        }
        LOG.error("{} does not close; going on without it. It is at {}", part.name(), where);
        return false;
    }

    private boolean awaitEnd(Thread closing, Duration limit) {
        long deadline = System.nanoTime() + (hurried ? HURRIED : limit).toNanos();
        while (true) {
            try {
                return closing.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                hurried = true;
                deadline = Math.min(deadline, System.nanoTime() + HURRIED.toNanos());
                closing.interrupt();
            }
        }
    }

    private static void end(Part part) {
        try {
            part.closeable().close();
        } catch (InterruptedException e) {
            LOG.error("interrupted while closing {}", part.name());
        } catch (Exception | Error e) {
            LOG.error("cannot close {}", part.name(), e);
        }
    }
}
