package io.contree.engine.operation;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Admission of one kind of operation: some work at the same time, some more wait, in the order of their acceptance
 * within a project, with projects taking turns. Safe for use by several threads.
 */
public final class Lane {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofMillis(250);

    private final String what;
    private final int maxRunning;
    private final int capacity;
    private final Executor workers;

    private final Map<UUID, Queue<Runnable>> waiting = new LinkedHashMap<>(); // the first project is served next
    private final Map<UUID, Load> loads = new HashMap<>(); // of the projects that have something here
    private int running;
    private int admitted;
    private boolean stopped;

    /**
     * What one project may have of a lane.
     *
     * @param maxRunning operations that work at the same time
     * @param maxAdmitted operations that work or wait
     */
    public record Share(int maxRunning, long maxAdmitted) {
        public static final Share WHOLE = new Share(Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /** What one project has of a lane. */
    private static final class Load {
        private int running;
        private int admitted;
        private Share share = Share.WHOLE;
    }

    public Lane(String what, int maxRunning, int maxQueued, Executor workers) {
        this.what = what;
        this.maxRunning = maxRunning;
        this.capacity = Math.addExact(maxRunning, maxQueued);
        this.workers = workers;
    }

    /**
     * Takes a place, to be followed by {@link #start} or {@link #giveBack}. A project at its share is given a moment: whoever
     * sees one operation end may ask for the next before the place is free.
     *
     * @throws ContreeException TOO_MANY_REQUESTS if there is none, UNAVAILABLE after {@link #stop}
     */
    public synchronized void reserve(UUID project, Share share) {
        awaitShare(project, share);
        requireOpen();
        refuseIf(admitted >= capacity, "server", admitted);
        refuseIf(admittedOf(project) >= share.maxAdmitted(), "project", admittedOf(project));
        Load load = loads.computeIfAbsent(project, p -> new Load());
        load.share = share;
        load.admitted++;
        admitted++;
    }

    /** @throws ContreeException UNAVAILABLE after {@link #stop} */
    public synchronized void requireOpen() {
        if (stopped) {
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE, "The server is stopping and accepts no " + what + "; try again later.");
        }
    }

    private void awaitShare(UUID project, Share share) {
        long deadline = System.nanoTime() + MOMENT.toNanos();
        try {
            while (!stopped && admittedOf(project) >= share.maxAdmitted()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int admittedOf(UUID project) {
        Load load = loads.get(project);
        return load == null ? 0 : load.admitted;
    }

    private void refuseIf(boolean full, String whose, int count) {
        if (full) {
            throw new ContreeException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "The " + whose + " has " + count + " " + what
                            + "s running or waiting, which is its limit; try again in " + RETRY_AFTER.toSeconds()
                            + " s.",
                    RETRY_AFTER);
        }
    }

    /** Gives a reserved place back, unused. */
    public synchronized void giveBack(UUID project) {
        admitted--;
        Load load = load(project);
        load.admitted--;
        if (load.admitted == 0) {
            loads.remove(project);
        }
        notifyAll();
    }

    private Load load(UUID project) {
        return Objects.requireNonNull(loads.get(project), "a project that has nothing here");
    }

    /** Queues work on a reserved place, which is free again when the work returns or {@link #remove} succeeds. */
    public synchronized void start(UUID project, Runnable work) {
        waiting.computeIfAbsent(project, p -> new ArrayDeque<>()).add(work);
        dispatch();
    }

    /** Takes back work that has not begun; false if it has. */
    public synchronized boolean remove(UUID project, Runnable work) {
        Queue<Runnable> queue = waiting.get(project);
        if (queue == null || !queue.remove(work)) {
            return false;
        }
        if (queue.isEmpty()) {
            waiting.remove(project);
        }
        giveBack(project);
        return true;
    }

    /** From now on nothing is admitted and nothing begins. */
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    private void dispatch() {
        for (Optional<UUID> turn = turn(); turn.isPresent(); turn = turn()) {
            begin(turn.get());
        }
    }

    /** The project whose work begins next, if any may. */
    private Optional<UUID> turn() {
        return stopped || running >= maxRunning
                ? Optional.empty()
                : waiting.keySet().stream()
                        .filter(project ->
                                load(project).running < load(project).share.maxRunning())
                        .findFirst();
    }

    private void begin(UUID project) {
        Queue<Runnable> queue = Objects.requireNonNull(waiting.remove(project), "a turn without work");
        Runnable work = queue.remove();
        if (!queue.isEmpty()) {
            waiting.put(project, queue);
        }
        running++;
        load(project).running++;
        workers.execute(() -> run(project, work));
    }

    private void run(UUID project, Runnable work) {
        try {
            work.run();
        } finally {
            synchronized (this) {
                running--;
                load(project).running--;
                giveBack(project);
                dispatch();
            }
        }
    }
}
