package io.contree.engine.operation;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Admission of one kind of operation: some work at the same time, some more wait. Projects take turns by their weights, and within a project
 * its callers by theirs ({@link WeightedTurns}); what one caller asked for begins in the order of its acceptance. What waits holds a few objects, and no
 * thread; to begin or to leave costs the logarithm of the projects and callers that wait, however much work does. Safe for use by several threads.
 */
public final class Lane {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofMillis(250);

    private final String what;
    private final int maxRunning;
    private final int capacity;
    private final Executor workers;

    private final Map<UUID, ProjectLoad> loads = new HashMap<>(); // of the projects that have something here
    private final WeightedTurns<UUID> projects = new WeightedTurns<>(); // of those that may begin something
    private int running;
    private int admitted;
    private boolean stopped;

    /**
     * What one project may have of a lane.
     *
     * @param maxRunning operations that work at the same time
     * @param maxAdmitted operations that work or wait
     * @param weight of its turns among those of other projects
     */
    public record Share(int maxRunning, long maxAdmitted, int weight) {
        public static final Share WHOLE = new Share(Integer.MAX_VALUE, Long.MAX_VALUE, 1);
    }

    /**
     * Who wants a place.
     *
     * @param caller the token
     * @param weight of the caller's turns among those of others of its project
     */
    public record Claim(UUID project, Share share, UUID caller, int weight) {}

    public Lane(String what, int maxRunning, int maxQueued, Executor workers) {
        this.what = what;
        this.maxRunning = maxRunning;
        this.capacity = Math.addExact(maxRunning, maxQueued);
        this.workers = workers;
    }

    /** A place for one operation, to be used by {@link #start} or given back. */
    public final class Place {
        private final Claim claim;
        private @Nullable Runnable work;
        private long number;

        private Place(Claim claim) {
            this.claim = claim;
        }

        Claim claim() {
            return claim;
        }

        /** In the line of its caller, once it waits there. */
        long number() {
            return number;
        }

        /** Queues work, after which the place is free again, as it is if {@link #leave} succeeds. */
        public void start(Runnable queued) {
            synchronized (Lane.this) {
                ProjectLoad load = load(claim.project());
                work = queued;
                number = load.add(this);
                refresh(claim.project(), load);
                dispatch();
            }
        }

        /** Gives it back, unused. */
        public void giveBack() {
            free(claim.project());
        }

        /** Takes back work that has not begun; false if it has. */
        public boolean leave() {
            synchronized (Lane.this) {
                ProjectLoad load = loads.get(claim.project());
                if (load == null || work == null || !load.remove(this)) {
                    return false;
                }
                refresh(claim.project(), load);
                free(claim.project());
                return true;
            }
        }

        /**
         * How soon its work begins, 1 for next, if nothing is added, nothing leaves, and projects at their limits stay there; empty for work that has
         * begun. Computed now, from what waits for projects and callers together.
         */
        public OptionalLong position() {
            synchronized (Lane.this) {
                ProjectLoad load = loads.get(claim.project());
                if (load == null || work == null || !load.isWaiting(this)) {
                    return OptionalLong.empty();
                }
                long own = load.before(this);
                return OptionalLong.of(1
                        + projects.before(
                                claim.project(),
                                load.weight(),
                                own,
                                other -> load(other).mostToBegin()));
            }
        }

        private void run() {
            try {
                Objects.requireNonNull(work, "a place without work has begun").run();
            } finally {
                end(claim.project());
            }
        }
    }

    /**
     * Takes a place. A project at its share is given a moment: whoever sees one operation end may ask for the next before the place is free.
     *
     * @throws ContreeException TOO_MANY_REQUESTS if there is none, UNAVAILABLE after {@link #stop}
     */
    public synchronized Place reserve(Claim claim) {
        UUID project = claim.project();
        Share share = claim.share();
        awaitShare(project, share);
        requireOpen();
        refuseIf(admitted >= capacity, "server", admitted);
        refuseIf(admittedOf(project) >= share.maxAdmitted(), "project", admittedOf(project));
        loads.computeIfAbsent(project, unknown -> new ProjectLoad()).admit(share);
        admitted++;
        return new Place(claim);
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
        ProjectLoad load = loads.get(project);
        return load == null ? 0 : load.admitted();
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

    private synchronized void free(UUID project) {
        admitted--;
        ProjectLoad load = load(project);
        load.release();
        if (load.admitted() == 0) {
            loads.remove(project);
        }
        notifyAll();
    }

    private ProjectLoad load(UUID project) {
        return Objects.requireNonNull(loads.get(project), "a project that has nothing here");
    }

    /** From now on nothing is admitted and nothing begins. */
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** Lets a project take part in the turns while it has work that may begin. */
    private void refresh(UUID project, ProjectLoad load) {
        if (load.mayBegin()) {
            projects.await(project, load.weight());
        } else {
            projects.withdraw(project);
        }
    }

    private void dispatch() {
        while (!stopped && running < maxRunning) {
            Optional<UUID> project = projects.next();
            if (project.isEmpty()) {
                return;
            }
            ProjectLoad load = load(project.get());
            Place place = load.begin();
            running++;
            projects.take(load.mayBegin());
            workers.execute(place::run);
        }
    }

    private synchronized void end(UUID project) {
        running--;
        ProjectLoad load = load(project);
        load.end();
        refresh(project, load);
        free(project);
        dispatch();
    }
}
