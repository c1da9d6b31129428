package io.contree.catalog;

import io.contree.linux.FaultPoint;
import io.contree.store.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection that writes. Writes that arrive while another commits are committed together afterwards, so that
 * sixteen waiting ones cost one trip to the disk. A failed write takes no other with it, unless the disk failed: then
 * nothing more is written, as what follows a lost write in the log is lost with it. Safe for use by several threads;
 * the writing threads do the work.
 */
final class GroupWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);
    private static final int MAX_GROUP = 256;
    private static final String EACH = "each";

    private final Handle handle;
    private final Durability durability;
    private final ReentrantLock connection = new ReentrantLock();
    private final Queue<Write<?>> waiting = new ArrayDeque<>();
    private final CompletableFuture<StoreException> stop = new CompletableFuture<>();
    private boolean led;
    private boolean flushes = true;

    /** @param handle that flushes what it commits */
    GroupWriter(Handle handle, Durability durability) {
        this.handle = handle;
        this.durability = durability;
    }

    /** Work within a transaction. */
    interface Work<T> {
        T in(Handle handle);
    }

    /** What a waiting thread is woken for. */
    private enum Next {
        LEAD,
        RETURN
    }

    private static final class Write<T> {
        private final Work<T> work;
        private final boolean flushed;
        private @Nullable T result;
        private @Nullable RuntimeException failure;
        private final CompletableFuture<Next> next = new CompletableFuture<>();

        Write(Work<T> work, boolean flushed) {
            this.work = work;
            this.flushed = flushed;
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

    /** Completes once nothing more is written. */
    CompletableFuture<StoreException> stop() {
        return stop;
    }

    /**
     * Does the work in a transaction that is on disk on return; throws what the work or the commit throws.
     *
     * @throws StoreException STOPPED if the disk failed, now or before
     */
    <T> T write(Work<T> work) {
        return write(new Write<>(work, true));
    }

    /** As {@link #write}, but it may be on disk only later where that is allowed. */
    <T> T writeRelaxed(Work<T> work) {
        return write(new Write<>(work, durability == Durability.STRICT));
    }

    /** As {@link #write}, but it may be on disk only with the next write that must be; for what nobody is told of before that. */
    <T> T writeWithNext(Work<T> work) {
        return write(new Write<>(work, false));
    }

    private <T> T write(Write<T> mine) {
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

    /** Commits one group, the leader's own write included, and hands over to the first that came meanwhile. */
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
        if (stop.isDone()) {
            group.forEach(write -> write.failure = stop.join());
            return;
        }
        try {
            flushing(group.stream().anyMatch(write -> write.flushed));
            handle.begin();
            for (Write<?> write : group) {
                runAlone(write);
            }
            FaultPoint.pass("catalog.committing");
            handle.commit();
            FaultPoint.pass("catalog.committed");
        } catch (RuntimeException e) {
            undo(group, Dialect.isLoss(e) ? stop(e) : e);
        } catch (Error e) {
            undo(group, new IllegalStateException("a transaction of the catalog failed with " + e, e));
            throw e;
        }
    }

    /** What is flushed takes along what was not, as it comes later in the log. */
    private void flushing(boolean needed) {
        if (needed != flushes) {
            handle.execute(Dialect.flushing(needed));
            flushes = needed;
        }
    }

    private void runAlone(Write<?> write) {
        handle.savepoint(EACH);
        try {
            write.run(handle);
            handle.releaseSavepoint(EACH);
        } catch (RuntimeException e) {
            if (Dialect.isLoss(e)) {
                throw e;
            }
            write.failure = e;
            handle.rollbackToSavepoint(EACH);
        }
    }

    private StoreException stop(RuntimeException failure) {
        StoreException reason = new StoreException(
                StoreException.Kind.STOPPED,
                "the server accepts nothing more: the disk failed under its catalog (" + Dialect.words(failure)
                        + "), and anything recorded now could be lost; what it has confirmed is kept. Start the server"
                        + " again when the disk is sound",
                failure);
        if (stop.complete(reason)) {
            LOG.error(reason.getMessage(), failure);
        }
        return reason;
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

    /** Does something to the database outside a transaction. */
    <T> T alone(Work<T> work) {
        connection.lock();
        try {
            return work.in(handle);
        } finally {
            connection.unlock();
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
