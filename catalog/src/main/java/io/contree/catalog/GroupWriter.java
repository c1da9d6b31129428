package io.contree.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that writes. Writes that come while another commits are committed together afterwards, so that sixteen
 * waiting ones cost one trip to the disk. A write that fails takes nothing with it. Safe for use by several threads; the threads
 * of the writes do the work.
 */
final class GroupWriter implements AutoCloseable {
    private static final int MAX_GROUP = 256;
    private static final String EACH = "each";

    private final Handle handle;
    private final ReentrantLock connection = new ReentrantLock();
    private final Queue<Write<?>> waiting = new ArrayDeque<>();
    private boolean led;

    GroupWriter(Handle handle) {
        this.handle = handle;
    }

    /** Work within a transaction. */
    interface Work<T> {
        T in(Handle handle);
    }

    /** What a thread that waits is woken for. */
    private enum Next {
        LEAD,
        RETURN
    }

    private static final class Write<T> {
        private final Work<T> work;
        private @Nullable T result;
        private @Nullable RuntimeException failure;
        private final CompletableFuture<Next> next = new CompletableFuture<>();

        Write(Work<T> work) {
            this.work = work;
        }

        void run(Handle handle) {
            result = work.in(handle);
        }

        @SuppressWarnings("NullAway") // a write that is done without a failure has run
        T outcome() {
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }

    /** Does the work in a transaction that is on disk on return; throws what the work or the commit throws. */
    <T> T write(Work<T> work) {
        Write<T> mine = new Write<>(work);
        boolean leads;
        synchronized (waiting) {
            waiting.add(mine);
            leads = !led;
            led = true;
        }
        if (leads || mine.next.join() == Next.LEAD) {
            lead();
        }
        return mine.outcome();
    }

    /** Commits one group, which the leader's own write is in, and hands over to the first that came meanwhile. */
    private void lead() {
        List<Write<?>> group = nextGroup();
        connection.lock();
        try {
            commit(group);
        } finally {
            connection.unlock();
            group.forEach(write -> write.next.complete(Next.RETURN));
            synchronized (waiting) {
                led = !waiting.isEmpty();
                if (led) {
                    waiting.element().next.complete(Next.LEAD);
                }
            }
        }
    }

    private List<Write<?>> nextGroup() {
        List<Write<?>> group = new ArrayList<>();
        synchronized (waiting) {
            while (!waiting.isEmpty() && group.size() < MAX_GROUP) {
                group.add(waiting.remove());
            }
        }
        return group;
    }

    private void commit(List<Write<?>> group) {
        try {
            handle.begin();
            for (Write<?> write : group) {
                runAlone(write);
            }
            handle.commit();
        } catch (RuntimeException e) {
            undo(group, e);
        } catch (Error e) {
            undo(group, new IllegalStateException("a transaction of the catalog met " + e, e));
            throw e;
        }
    }

    private void runAlone(Write<?> write) {
        handle.savepoint(EACH);
        try {
            write.run(handle);
            handle.releaseSavepoint(EACH);
        } catch (RuntimeException e) {
            write.failure = e;
            handle.rollbackToSavepoint(EACH);
        }
    }

    private void undo(List<Write<?>> group, RuntimeException reason) {
        for (Write<?> write : group) {
            write.failure = write.failure == null ? reason : write.failure;
        }
        try {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        connection.lock();
        try {
            handle.close();
        } finally {
            connection.unlock();
        }
    }
}
