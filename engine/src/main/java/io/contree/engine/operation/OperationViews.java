package io.contree.engine.operation;

import io.contree.api.InstanceResult;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Outcome;
import io.contree.engine.log.LogTail;
import io.contree.engine.log.StillLog;
import io.contree.engine.process.Results;
import io.contree.engine.request.Redaction;
import io.contree.sandbox.ExitStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What callers see of an operation. */
public final class OperationViews {
    private OperationViews() {}

    static OperationSummary summary(LiveOperation live) {
        return summary(live.record(), live.progress());
    }

    private static OperationSummary summary(OperationRecord record, LiveOperation.Progress progress) {
        return summary(record, progress.status(), progress.duration(), progress.end());
    }

    /** With its position in the queue, if it waits there. */
    static OperationSummary withPosition(LiveOperation live, OperationSummary summary) {
        OptionalLong position =
                summary.status() == OperationStatus.PENDING ? live.queuePosition() : OptionalLong.empty();
        return position.isPresent() ? summary.at(position.getAsLong()) : summary;
    }

    public static OperationSummary summary(OperationRecord record) {
        Duration duration = record.end().map(OperationEnd::duration).orElse(Duration.ZERO);
        return summary(record, record.status(), duration, record.end());
    }

    private static OperationSummary summary(
            OperationRecord record, OperationStatus status, Duration duration, Optional<OperationEnd> end) {
        Optional<Outcome> outcome = end.map(OperationEnd::outcome);
        return new OperationSummary(
                record.uuid(),
                record.kind(),
                status,
                outcome.flatMap(Outcome::error).orElse(null),
                record.createdAt(),
                duration.toNanos() / 1e9,
                record.image().orElse(null),
                outcome.flatMap(Outcome::reached).map(Outcome.Reached::uuid).orElse(null),
                outcome.flatMap(Outcome::imageSize).orElse(null),
                end.flatMap(OperationEnd::cpuMicros).map(micros -> micros / 1e6).orElse(null),
                end.flatMap(OperationEnd::maxRss).orElse(null),
                end.flatMap(OperationEnd::cachedFrom).orElse(null),
                null);
    }

    /** With the result of a run once it is final and the exit of its main process is known, and before if asked for. */
    public static OperationDetails details(LiveOperation live, boolean inflight) {
        LiveOperation.Progress progress = live.progress();
        OperationSummary summary = withPosition(live, summary(live.record(), progress));
        boolean runs = progress.end().isEmpty() && inflight && progress.status() == OperationStatus.EXECUTING;
        return details(
                summary, live.record(), live.log().file(), live.log(), progress.end(), runs, progress.duration());
    }

    /** @param kept whether there should be a log: it was not removed by what the project keeps */
    public static OperationDetails details(OperationRecord record, Path file, boolean kept) {
        boolean read = kept && record.end().flatMap(end -> end.outcome().exit()).isPresent();
        StillLog log = read ? StillLog.of(record.uuid(), file, record.end()) : new StillLog(file, record.end());
        return details(summary(record), record, file, log, record.end(), false, Duration.ZERO);
    }

    private static OperationDetails details(
            OperationSummary summary,
            OperationRecord record,
            Path file,
            LogTail tail,
            Optional<OperationEnd> end,
            boolean runs,
            Duration elapsed) {
        Optional<ExitStatus> exit = end.flatMap(ended -> ended.outcome().exit());
        Optional<InstanceResult> result = record.kind() == OperationKind.INSTANCE && (runs || exit.isPresent())
                ? Optional.of(Results.of(file, tail, exit, elapsed))
                : Optional.empty();
        return new OperationDetails(
                summary,
                Redaction.request(record.request()),
                result,
                end.flatMap(ended -> ended.outcome().tag()),
                end.flatMap(OperationEnd::run));
    }
}
