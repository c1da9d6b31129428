package io.contree.engine.operation;

import io.contree.api.InstanceResult;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationRecord;
import io.contree.engine.Outcome;
import io.contree.engine.log.Events;
import io.contree.engine.log.LogTail;
import io.contree.engine.process.Results;
import io.contree.engine.request.Redaction;
import io.contree.sandbox.ExitStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What callers see of an operation. */
public final class OperationViews {
    private OperationViews() {}

    static OperationSummary summary(LiveOperation live) {
        Optional<Outcome> outcome = live.outcome();
        return outcome.isPresent()
                ? summary(live.record(), outcome.get().status(), outcome.get().duration(), outcome)
                : summary(live.record(), live.status(), live.duration(), outcome);
    }

    public static OperationSummary summary(OperationRecord record) {
        Duration duration = record.outcome().map(Outcome::duration).orElse(Duration.ZERO);
        return summary(record, record.status(), duration, record.outcome());
    }

    private static OperationSummary summary(
            OperationRecord record, OperationStatus status, Duration duration, Optional<Outcome> outcome) {
        Optional<ExitStatus> exit = outcome.flatMap(Outcome::exit);
        return new OperationSummary(
                record.uuid(),
                record.kind(),
                status,
                outcome.flatMap(Outcome::error).orElse(null),
                record.createdAt(),
                duration.toNanos() / 1e9,
                record.image().orElse(null),
                outcome.flatMap(Outcome::image).map(Outcome.Reached::uuid).orElse(null),
                outcome.flatMap(Outcome::imageSize).orElse(null),
                exit.map(OperationViews::cpuSeconds).orElse(null),
                exit.map(ended -> ended.usage().maxRss()).orElse(null));
    }

    private static double cpuSeconds(ExitStatus exit) {
        return (exit.usage().userMicros() + exit.usage().systemMicros()) / 1e6;
    }

    /** With the result of a run once it is final and its main process told how it ended, and before if asked for. */
    public static OperationDetails details(LiveOperation live, boolean inflight) {
        OperationSummary summary = summary(live);
        Optional<Outcome> outcome = live.outcome();
        boolean runs = outcome.isEmpty() && inflight && summary.status() == OperationStatus.EXECUTING;
        return details(summary, live.record(), live.log().file(), live.log(), outcome, runs, live.duration());
    }

    public static OperationDetails details(OperationRecord record, Path file) {
        return details(summary(record), record, file, Events.still(file), record.outcome(), false, Duration.ZERO);
    }

    private static OperationDetails details(
            OperationSummary summary,
            OperationRecord record,
            Path file,
            LogTail tail,
            Optional<Outcome> outcome,
            boolean runs,
            Duration elapsed) {
        Optional<ExitStatus> exit = outcome.flatMap(Outcome::exit);
        Optional<InstanceResult> result = record.kind() == OperationKind.INSTANCE && (runs || exit.isPresent())
                ? Optional.of(Results.of(file, tail, exit, elapsed))
                : Optional.empty();
        return new OperationDetails(
                summary,
                Redaction.request(record.request()),
                result,
                outcome.flatMap(Outcome::tag),
                outcome.flatMap(Outcome::run));
    }
}
