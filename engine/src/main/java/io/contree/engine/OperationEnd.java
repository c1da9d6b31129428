package io.contree.engine;

import io.contree.api.RunOutcome;
import io.contree.sandbox.ExitStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The end of an operation.
 *
 * @param duration from its start, not counting the wait in the queue
 * @param run what decided and which limits were met; empty for an import and for a run recorded by an older server
 */
public record OperationEnd(Outcome outcome, Instant endedAt, Duration duration, Optional<RunOutcome> run) {
    /** CPU time of the main process and of those it waited for, if it is known. */
    public Optional<Long> cpuMicros() {
        return outcome.exit().map(ExitStatus::usage).map(usage -> usage.userMicros() + usage.systemMicros());
    }

    /** Its peak resident memory in KiB, if it is known. */
    public Optional<Long> maxRss() {
        return outcome.exit().map(ExitStatus::usage).map(ExitStatus.ResourceUsage::maxRss);
    }
}
