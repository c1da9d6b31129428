package io.contree.linux;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Daemon platform threads on which calls run that must not run on the caller's: calls that wait for a disk would pin a
 * virtual thread's carrier, and calls with other credentials change their thread. Idle threads end after ten seconds.
 */
final class CallThreads {
    /** For calls that may take long. */
    static final CallThreads BLOCKING = new CallThreads("linux-call-", () -> {});

    private final ThreadPoolExecutor threads;

    /** A system call, or several. */
    interface Task {
        long run() throws LinuxException;
    }

    /**
     * @param prefix of the threads' names
     * @param start runs once on each new thread
     */
    CallThreads(String prefix, Runnable start) {
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> Thread.ofPlatform().name(prefix, 0).daemon().unstarted(() -> {
                    start.run();
                    work.run();
                }));
    }

    /** Runs a task here if this is a platform thread, else on one. */
    static long unpinned(Task task) throws LinuxException {
        return Thread.currentThread().isVirtual() ? BLOCKING.run(task) : task.run();
    }

    /** Runs a task on one of the threads and waits; an interrupt is kept for later, since a call cannot be undone. */
    long run(Task task) throws LinuxException {
        FutureTask<Long> future = new FutureTask<>(task::run);
        threads.execute(future);
        try {
            return Uninterruptibly.get(() -> future.get());
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private static LinuxException rethrown(@Nullable Throwable cause) {
        return switch (cause) {
            case LinuxException failure -> failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> throw new IllegalStateException("a call failed in an unforeseen way", cause);
        };
    }
}
