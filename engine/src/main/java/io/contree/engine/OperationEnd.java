package io.contree.engine;

import io.contree.api.RunOutcome;
import io.contree.sandbox.ExitStatus;
import io.contree.store.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The end of an operation.
 *
 * @param duration from its start, not counting the wait in the queue
 * @param run what decided and which limits were met; empty for an import and for a run recorded by an older server
 * @param cacheKey what an equal run finds it by while it is remembered; empty for one that is not to be repeated
 * @param cachedFrom the run whose end this is, where nothing ran
 */
public record OperationEnd(
        Outcome outcome,
        Instant endedAt,
        Duration duration,
        Optional<RunOutcome> run,
        Optional<Digest> cacheKey,
        Optional<UUID> cachedFrom) {
    /** Of one that ran itself and is not to be repeated. */
    public OperationEnd(Outcome outcome, Instant endedAt, Duration duration, Optional<RunOutcome> run) {
        this(outcome, endedAt, duration, run, Optional.empty(), Optional.empty());
    }

    /** The end of an equal run that does not run: it takes no time. */
    public OperationEnd repeated(UUID from, Instant at) {
        return new OperationEnd(outcome, at, Duration.ZERO, run, Optional.empty(), Optional.of(from));
    }

    /** CPU time of the main process and of those it waited for, if it is known; none where nothing ran. */
    public Optional<Long> cpuMicros() {
        return used(usage -> usage.userMicros() + usage.systemMicros());
    }

    /** Its peak resident memory in KiB, if it is known; none where nothing ran. */
    public Optional<Long> maxRss() {
        return used(ExitStatus.ResourceUsage::maxRss);
    }

    private Optional<Long> used(Function<ExitStatus.ResourceUsage, Long> what) {
        return cachedFrom.isPresent()
                ? Optional.of(0L)
                : outcome.exit().map(ExitStatus::usage).map(what);
    }
}
