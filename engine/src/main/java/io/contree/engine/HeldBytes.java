package io.contree.engine;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Bounds the memory that clients make a server hold at a time. A project may hold as much as is free, so that none keeps the
 * others out, and always what one request needs. Safe for use by several threads.
 */
public final class HeldBytes {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final long capacity;
    private final Map<UUID, Long> byProject = new HashMap<>();
    private long total;

    /** With {@code capacity} bytes in all. */
    public HeldBytes(long capacity) {
        this.capacity = capacity;
    }

    /** With one of so many equal parts of the heap. */
    public static HeldBytes ofHeap(int parts) {
        return new HeldBytes(Runtime.getRuntime().maxMemory() / parts);
    }

    /** Opens an account for one request of a project; it holds nothing yet. */
    public Hold open(UUID project) {
        return new Hold(project);
    }

    /** What one request holds, until it is closed. */
    public final class Hold implements AutoCloseable {
        private final UUID project;
        private long held;

        private Hold(UUID project) {
            this.project = project;
        }

        /** @throws ContreeException TOO_MANY_REQUESTS if the project's other requests hold too much for that; nothing is added then */
        public void add(long bytes) {
            synchronized (HeldBytes.this) {
                long ofProject = byProject.getOrDefault(project, 0L);
                if (ofProject > held && ofProject + bytes > capacity - total) {
                    throw new ContreeException(
                            ErrorCode.TOO_MANY_REQUESTS,
                            "This project's requests in progress take as much memory as they may; try again when some"
                                    + " have ended, or give the server more memory.",
                            RETRY);
                }
                change(bytes);
            }
        }

        /** Gives all of it back; idempotent. */
        @Override
        public void close() {
            synchronized (HeldBytes.this) {
                change(-held);
            }
        }

        private void change(long bytes) {
            held += bytes;
            total += bytes;
            byProject.merge(project, bytes, (before, more) -> before + more == 0 ? null : before + more);
        }
    }
}
