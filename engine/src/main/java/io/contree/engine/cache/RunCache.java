package io.contree.engine.cache;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.LimitReached.Limit;
import io.contree.api.RunOutcome;
import io.contree.api.RunOutcome.Reason;
import io.contree.api.SpawnRequest;
import io.contree.engine.EngineConfig;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Outcome;
import io.contree.engine.StoreFailures;
import io.contree.engine.log.LogDirectory;
import io.contree.engine.process.RunPlan;
import io.contree.store.Digest;
import io.contree.store.StoreException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Answers a run that asks for it with the record of an equal one of its project. The answer is an operation of its own, which has ended: it shares
 * the log of the run that it repeats, and its image is the project's as if it had run. What the project gave up since, the image or the
 * log, is never answered with: that is decided in the transaction that records the answer, against which removals are
 * ordered too. Safe for use by several threads.
 */
public final class RunCache {
    /** Room is made for so many parts of the cache at a time, so that one more costs next to nothing. */
    private static final int PARTS = 64;

    private final RunCacheCatalog catalog;
    private final LogDirectory logs;
    private final int size;
    private final EngineConfig config;
    private final UnaryOperator<String> isolation;
    private final Map<String, Digest> servers = new ConcurrentHashMap<>();
    private final Clock clock;
    private final AtomicInteger room = new AtomicInteger();

    /** @param isolation what a runtime of a name is, and what it isolates runs with */
    public RunCache(
            RunCacheCatalog catalog,
            LogDirectory logs,
            EngineConfig config,
            UnaryOperator<String> isolation,
            Clock clock) {
        this.catalog = catalog;
        this.logs = logs;
        this.size = config.runCache();
        this.config = config;
        this.isolation = isolation;
        this.clock = clock;
    }

    /** Whether a run that turned out like this may be repeated: it ended by itself, and no limit had a part in that. */
    public static boolean takes(Outcome outcome, RunOutcome run) {
        return (outcome instanceof Outcome.Kept || outcome instanceof Outcome.ThrownAway)
                && run.reason() == Reason.EXITED
                && run.limits().stream().allMatch(met -> met.limit() == Limit.OUTPUT);
    }

    /**
     * What equal runs have in common; empty for one that does not ask for the cache.
     *
     * @throws ContreeException INVALID_ARGUMENT for one that asks for it and cannot be repeated
     */
    public Optional<Digest> key(RunPlan plan) {
        SpawnRequest request = plan.request();
        if (!request.cache()) {
            return Optional.empty();
        }
        if (size == 0) {
            throw refused("this server remembers no runs (its setting run-cache is 0)");
        }
        if (request.networking().filter(SpawnRequest.Networking::enabled).isPresent()) {
            throw refused("the run has a network, and what it finds there may change: set networking.enabled to false"
                    + " (without it, runs of this server may have a network)");
        }
        if (!request.stdin().close()) {
            throw refused(
                    "standard input stays open, so what the command reads is not known: send all of it in stdin.value,"
                            + " or as a file");
        }
        return Optional.of(RunKey.of(servers.computeIfAbsent(request.runtime(), this::server), plan));
    }

    private Digest server(String runtime) {
        return RunKey.ofServer(config, isolation.apply(runtime), BuildVersion.current());
    }

    private static ContreeException refused(String why) {
        return new ContreeException(ErrorCode.INVALID_ARGUMENT, "cache is true, but " + why + "; or leave cache out.");
    }

    /**
     * Records that an equal run answers for this one.
     *
     * @param shown the request as its record has it
     * @return the operation, which has ended; empty if there is no such run, so it has to run itself
     */
    public Optional<OperationRecord> repeat(UUID project, Digest key, RunPlan plan, SpawnRequest shown) {
        try {
            Optional<OperationRecord> repetition =
                    catalog.repeatable(project, key).flatMap(run -> repeat(run, plan, shown));
            if (repetition.isEmpty()) {
                makeRoom();
            }
            return repetition;
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    private Optional<OperationRecord> repeat(OperationRecord run, RunPlan plan, SpawnRequest shown) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Optional<OperationEnd> end = run.end().map(ended -> ended.repeated(run.uuid(), now));
        OperationRecord repetition = new OperationRecord(
                UUID.randomUUID(),
                run.project(),
                new OperationDetails.Instance(shown),
                now,
                Optional.of(plan.image().uuid()),
                end);
        if (!logs.share(run.uuid(), repetition.uuid())) {
            return Optional.empty();
        }
        try {
            if (catalog.repeat(repetition)) {
                return Optional.of(repetition);
            }
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.STOPPED) { // then nobody knows whether it is recorded
                logs.remove(repetition.uuid());
            }
            throw e;
        }
        logs.remove(repetition.uuid());
        return Optional.empty();
    }

    /** For the run that comes now and may be remembered when it has ended. */
    private void makeRoom() {
        if (room.getAndDecrement() <= 0) {
            int step = Math.max(1, size / PARTS);
            catalog.keepCached(size - step);
            room.set(step - 1);
        }
    }
}
