package io.contree.engine;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * Admission of one kind of operation: so many work at the same time, so many more wait, in the order of their acceptance
 * within a project and in turn between projects. Safe for use by several threads.
 */
final class Lane {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String what;
    private final int maxRunning;
    private final int capacity;
    private final Executor workers;

    private final Map<UUID, Queue<Runnable>> waiting = new LinkedHashMap<>(); // the first project is served next
    private int running;
    private int admitted;
    private boolean stopped;

    Lane(String what, int maxRunning, int maxQueued, Executor workers) {
        this.what = what;
        this.maxRunning = maxRunning;
        this.capacity = Math.addExact(maxRunning, maxQueued);
        this.workers = workers;
    }

    /**
     * Takes a place, to be followed by {@link #start} or {@link #giveBack}.
     *
     * @throws ContreeException TOO_MANY_REQUESTS if there is none, UNAVAILABLE after {@link #stop}
     */
    synchronized void reserve() {
        if (stopped) {
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE, "The server is stopping and accepts no " + what + "; try again later.");
        }
        if (admitted >= capacity) {
            throw new ContreeException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "The server has " + admitted + " " + what
                            + "s running or waiting, which is its limit; try again in " + RETRY_AFTER.toSeconds()
                            + " s.",
                    RETRY_AFTER);
        }
        admitted++;
    }

    /** Gives a reserved place back, unused. */
    synchronized void giveBack() {
        admitted--;
    }

    /** Queues work on a reserved place, which is free again when the work returns or {@link #remove} succeeds. */
    synchronized void start(UUID project, Runnable work) {
        waiting.computeIfAbsent(project, p -> new ArrayDeque<>()).add(work);
        dispatch();
    }

    /** Takes work back that has not begun; false if it has. */
    synchronized boolean remove(UUID project, Runnable work) {
        Queue<Runnable> queue = waiting.get(project);
        if (queue == null || !queue.remove(work)) {
            return false;
        }
        if (queue.isEmpty()) {
            waiting.remove(project);
        }
        admitted--;
        return true;
    }

    /** Admits nothing and begins nothing any more. */
    synchronized void stop() {
        stopped = true;
    }

    private void dispatch() {
        while (!stopped && running < maxRunning && !waiting.isEmpty()) {
            Map.Entry<UUID, Queue<Runnable>> turn =
                    waiting.entrySet().iterator().next();
            UUID project = turn.getKey();
            Queue<Runnable> queue = turn.getValue();
            Runnable work = queue.remove();
            waiting.remove(project);
            if (!queue.isEmpty()) {
                waiting.put(project, queue);
            }
            running++;
            workers.execute(() -> run(work));
        }
    }

    private void run(Runnable work) {
        try {
            work.run();
        } finally {
            synchronized (this) {
                running--;
                admitted--;
                dispatch();
            }
        }
    }
}
