package io.contree.server.work;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs work of requests on files on platform threads: system calls and long computation would hold a carrier of virtual
 * threads, and there are no more of those than cores. A limited number of tasks work at a time, at most half of them
 * for one project, and projects take turns. Safe for use by several threads.
 */
public final class FileWork implements AutoCloseable {
    /** For a task of a request that is already answered in part: giving up would break the answer. */
    private static final Duration LATER = Duration.ofMinutes(1);

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Tasks that mostly wait for their clients, and keep a thread meanwhile. */
    private static final int STREAMS = 256;

    private static final int STREAMS_OF_PROJECT = 32;

    private final String what;
    private final Duration patience;
    private final Turns turns;
    private final Turns streams = new Turns(STREAMS, STREAMS_OF_PROJECT);
    private final ExecutorService threads;

    /** Some work. */
    @FunctionalInterface
    public interface Task<T extends @Nullable Object> {
        T run() throws IOException, InterruptedException;
    }

    /** Work that waits for its client in between. */
    @FunctionalInterface
    public interface Stream {
        void run(Waits waits) throws IOException, InterruptedException;
    }

    /** Gives others the turn while its owner waits for somebody. */
    public interface Waits {
        void begin();

        /** Returns when it is the owner's turn again. */
        void end() throws InterruptedException;
    }

    /**
     * Work of one kind.
     *
     * @param what what the tasks are, for messages; a plural
     * @param places tasks at a time
     * @param patience how long a request waits for its first turn
     */
    public FileWork(String what, int places, Duration patience) {
        this.what = what;
        this.patience = patience;
        this.turns = new Turns(places, Math.max(1, places / 2));
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // the turns bound it
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("file-work-", 0).factory());
    }

    /**
     * Runs the first task of a request, and returns its result.
     *
     * @throws ContreeException TOO_MANY_REQUESTS if its turn does not come soon
     */
    public <T extends @Nullable Object> T begin(UUID project, Task<T> task) throws IOException, InterruptedException {
        return run(project, patience, task);
    }

    /** Runs a further task of a request. */
    public <T extends @Nullable Object> T goOn(UUID project, Task<T> task) throws IOException, InterruptedException {
        return run(project, LATER, task);
    }

    /** Runs a task that also writes to its client; as {@link #begin}. */
    public void stream(UUID project, Stream task) throws IOException, InterruptedException {
        take(streams, project, patience);
        try {
            take(turns, project, patience);
            Held held = new Held(project);
            this.<@Nullable Void>run(held, () -> {
                task.run(held);
                return null;
            });
        } finally {
            streams.give(project);
        }
    }

    /** A turn, which its owner may give up for a while. */
    private final class Held implements Waits {
        private final UUID project;
        private boolean here = true;

        Held(UUID project) {
            this.project = project;
        }

        @Override
        public void begin() {
            here = false;
            turns.give(project);
        }

        @Override
        public void end() throws InterruptedException {
            while (!here) {
                here = turns.take(project, LATER); // those before it finish
            }
        }

        void over() {
            if (here) {
                turns.give(project);
            }
        }
    }

    private void take(Turns from, UUID project, Duration atMost) throws InterruptedException {
        if (!from.take(project, atMost)) {
            throw new ContreeException(
                    ErrorCode.TOO_MANY_REQUESTS, "too many " + what + " are under way; try again in a moment", RETRY);
        }
    }

    private <T extends @Nullable Object> T run(UUID project, Duration atMost, Task<T> task)
            throws IOException, InterruptedException {
        take(turns, project, atMost);
        return run(new Held(project), task);
    }

    private <T extends @Nullable Object> T run(Held held, Task<T> task) throws IOException, InterruptedException {
        Work<T> work = new Work<>(held, task);
        try {
            threads.execute(work.future);
        } catch (RejectedExecutionException e) {
            held.over();
            throw new ContreeException(ErrorCode.UNAVAILABLE, "the server is stopping; try again", RETRY, e);
        }
        return work.result();
    }

    /** A task on its thread. */
    private static final class Work<T extends @Nullable Object> {
        private final FutureTask<T> future;
        private @Nullable Thread worker;

        Work(Held held, Task<T> task) {
            future = new FutureTask<>(() -> {
                on(Thread.currentThread());
                try {
                    return task.run();
                } finally {
                    on(null);
                    held.over();
                }
            });
        }

        private synchronized void on(@Nullable Thread thread) {
            worker = thread;
            if (thread == null) {
                Thread.interrupted(); // not meant for the thread's next task
            }
        }

        private synchronized void interrupt() {
            if (worker != null) {
                worker.interrupt();
            }
        }

        /** Only the task releases what it holds, so it is waited for whatever happens. */
        T result() throws IOException, InterruptedException {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return future.get();
                    } catch (InterruptedException e) {
                        interrupted = true;
                        interrupt();
                    } catch (ExecutionException e) {
                        throw rethrown(e.getCause());
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) throws IOException, InterruptedException {
        return switch (cause) {
            case IOException failure -> throw failure;
            case InterruptedException failure -> throw failure;
            case RuntimeException failure -> failure;
            case Error failure -> throw failure;
            case null, default -> new IllegalStateException("a task failed in an unforeseen way", cause);
        };
    }

    /** Takes no more tasks; those under way finish. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
