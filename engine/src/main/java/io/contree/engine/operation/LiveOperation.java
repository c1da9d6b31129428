package io.contree.engine.operation;

import io.contree.api.LimitReached.Limit;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Outcome;
import io.contree.engine.cache.RunCache;
import io.contree.engine.log.EventLog;
import io.contree.engine.process.ExitStatuses;
import io.contree.engine.process.LiveProcesses;
import io.contree.linux.Uninterruptibly;
import io.contree.store.Digest;
import io.contree.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An operation from its acceptance to its end, and the one place where its end is decided: a verdict that comes before {@link
 * #settle} wins over whatever the work proposes, one that comes later is refused. Safe for use by several threads.
 */
public final class LiveOperation {
    private final OperationRecord record;
    private final EventLog log;
    private final Clock clock;
    private final Store.Hold hold;
    private final MetLimits limits = new MetLimits();
    private final CompletableFuture<Boolean> acceptance = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);

    private OperationStatus status = OperationStatus.PENDING;
    private Set<Digest> uploads = Set.of();
    private @Nullable Instant startedAt;
    private @Nullable Outcome verdict;
    private @Nullable OperationEnd end;
    private @Nullable Thread interruptible;
    private @Nullable Runnable kill;
    private @Nullable Runnable afterwards;
    private Lane.@Nullable Place place;
    private @Nullable LiveProcesses processes;
    private @Nullable Digest cacheKey;
    private boolean settled;

    /** @param hold is closed when its record is made: until then what it reached has no other name */
    public LiveOperation(OperationRecord record, EventLog log, Store.Hold hold, Clock clock) {
        this.record = record;
        this.log = log;
        this.hold = hold;
        this.clock = clock;
    }

    /** A step that may be interrupted. */
    public interface Step<T> {
        T run() throws InterruptedException;
    }

    public OperationRecord record() {
        return record;
    }

    public EventLog log() {
        return log;
    }

    /** It asks for uploads, which must stay until it has ended. */
    public synchronized void asksFor(Collection<Digest> files) {
        uploads = Set.copyOf(files);
    }

    synchronized Set<Digest> uploads() {
        return uploads;
    }

    /** It may be repeated by an equal run, which finds it by this, unless it ends in a way that is not to be repeated. */
    public synchronized void repeatableAs(Digest key) {
        cacheKey = key;
    }

    /** Somebody acts on its processes, so how it ends no longer follows from its request. */
    public synchronized void steered() {
        cacheKey = null;
    }

    /** Keeps the images that it reaches. */
    public Store.Hold hold() {
        return hold;
    }

    /** The limits that it has met; whoever notices one adds it. */
    public MetLimits limits() {
        return limits;
    }

    public synchronized OperationStatus status() {
        return status;
    }

    private Duration durationUntil(Instant now) {
        return startedAt == null ? Duration.ZERO : Duration.between(startedAt, now);
    }

    /**
     * How far it is: what is true at one moment, since its end comes at any.
     *
     * @param duration since its work began, zero before
     * @param end once the status is final
     */
    record Progress(OperationStatus status, Duration duration, Optional<OperationEnd> end) {}

    synchronized Progress progress() {
        return new Progress(
                status, end == null ? durationUntil(clock.instant()) : end.duration(), Optional.ofNullable(end));
    }

    /** Its record is on disk. */
    public void accepted() {
        acceptance.complete(true);
    }

    /** It will never have a record, and ends without one. */
    public void refused() {
        acceptance.complete(false);
        impose(new Outcome.Failed("it could not be accepted"));
    }

    /**
     * Waits until its record is on disk: before that nothing may be done for it that a start of the server does not undo.
     *
     * @throws VerdictException if it will never be
     */
    public void awaitAcceptance() {
        if (!isAccepted()) {
            throw new VerdictException();
        }
    }

    /** Whether it was accepted; waits until that is known. */
    boolean isAccepted() {
        return acceptance.join();
    }

    /** It waits for its turn there. */
    public synchronized void queuedAt(Lane.Place at) {
        place = at;
    }

    private synchronized Optional<Lane.Place> place() {
        return Optional.ofNullable(place);
    }

    /** Takes it out of the queue; false if its work has begun or it is not there yet. */
    public boolean unqueue() {
        return place().map(Lane.Place::leave).orElse(false);
    }

    /** How soon its turn comes, 1 for next; empty if it does not wait for one. */
    OptionalLong queuePosition() {
        return place().map(Lane.Place::position).orElse(OptionalLong.empty());
    }

    /** The work is about to begin. */
    synchronized void assigned() {
        status = OperationStatus.ASSIGNED;
        startedAt = clock.instant();
        notifyAll();
    }

    /** The sandbox is up, or an import is at work. */
    public synchronized void executing() {
        status = OperationStatus.EXECUTING;
    }

    /** The main process was spawned, and the sandbox takes further ones. */
    public synchronized void running(LiveProcesses running) {
        processes = running;
        notifyAll();
    }

    /**
     * The processes of its sandbox, waiting for them if it is not up yet; empty if there are none: it waits for its turn longer
     * than {@code queued}, is being prepared longer than {@code prepared}, or has ended.
     */
    public synchronized Optional<LiveProcesses> awaitProcesses(Duration queued, Duration prepared)
            throws InterruptedException {
        long begin = System.nanoTime();
        while (processes == null && !settled) {
            Duration patience = status == OperationStatus.PENDING ? queued : prepared;
            long left = patience.toNanos() - (System.nanoTime() - begin);
            if (left <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return Optional.ofNullable(processes);
    }

    /** The processes of its sandbox while it has one. */
    public synchronized Optional<LiveProcesses> processes() {
        return Optional.ofNullable(processes);
    }

    /** True once nothing more runs in it and its end is decided. */
    public synchronized boolean settled() {
        return settled;
    }

    /**
     * Imposes an end. A cancel takes precedence, since whoever asked is told that it will be so; of the others the
     * first counts. False if the end is decided already.
     */
    public synchronized boolean impose(Outcome imposed) {
        if (settled) {
            return false;
        }
        if (verdict == null || imposed instanceof Outcome.Cancelled) {
            verdict = imposed;
        }
        log.waitNoLonger();
        if (interruptible != null) {
            interruptible.interrupt();
        }
        if (kill != null) {
            kill.run();
        }
        return true;
    }

    public synchronized boolean hasVerdict() {
        return verdict != null;
    }

    /** Throws if a verdict came. */
    public synchronized void checkpoint() {
        if (verdict != null) {
            throw new VerdictException();
        }
    }

    /** Runs a step on the calling thread that a verdict interrupts. Files are written only outside such steps. */
    public <T> T interruptibly(Step<T> step) {
        synchronized (this) {
            checkpoint();
            interruptible = Thread.currentThread();
        }
        try {
            return step.run();
        } catch (InterruptedException e) {
            throw new VerdictException(); // only a verdict interrupts a worker
        } finally {
            synchronized (this) {
                interruptible = null;
                Thread.interrupted();
            }
        }
    }

    /** From now on a verdict also does this; at once if there is one already. */
    public synchronized void onVerdict(Runnable action) {
        kill = action;
        if (verdict != null) {
            action.run();
        }
    }

    /**
     * To be done when the end has been recorded and shown, or earlier where that needs the room; by the worker, whatever the end is.
     *
     * @param action idempotent
     */
    public synchronized void afterwards(Runnable action) {
        afterwards = action;
    }

    /** Does what was left for {@link #afterwards}, as often as it is called. */
    public void clearUp() {
        Runnable action;
        synchronized (this) {
            action = afterwards;
        }
        if (action != null) {
            action.run();
        }
    }

    /** Decides the end: what the work proposes, unless a verdict came first. */
    public synchronized OperationEnd settle(Outcome proposed, Instant endedAt) {
        settled = true;
        kill = null;
        processes = null;
        notifyAll();
        Outcome outcome = verdict == null ? proposed : verdict.after(proposed.exit());
        Optional<RunOutcome> run = record.kind() == OperationKind.INSTANCE
                ? Optional.of(new RunOutcome(ExitStatuses.reason(outcome, limits.has(Limit.MEMORY)), limits.all()))
                : Optional.empty();
        Optional<Digest> key =
                Optional.ofNullable(cacheKey).filter(any -> run.isPresent() && RunCache.takes(outcome, run.get()));
        return new OperationEnd(outcome, endedAt, durationUntil(endedAt), run, key, Optional.empty());
    }

    /** Shows the end to everybody; its record is final. */
    void ended(OperationEnd recorded) {
        synchronized (this) {
            end = recorded;
            status = recorded.outcome().status();
        }
        log.complete(recorded);
        over.countDown();
    }

    /** Its end cannot be recorded; nobody need wait any more. */
    public void abandon() {
        log.close();
        over.countDown();
    }

    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return over.await(atMost.toNanos(), TimeUnit.NANOSECONDS) && status().isFinal();
    }

    /** Waits for the record of an end that is decided; a short time, so it is not interruptible. */
    public void awaitRecord() {
        Uninterruptibly.get(() -> {
            over.await();
            return over;
        });
    }
}
