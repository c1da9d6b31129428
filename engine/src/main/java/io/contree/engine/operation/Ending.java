package io.contree.engine.operation;

import io.contree.api.LimitReached.Limit;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome;
import io.contree.api.RunOutcome.Reason;
import io.contree.engine.Outcome;
import io.contree.engine.process.ExitStatuses;
import io.contree.sandbox.ExitStatus;
import java.time.Clock;
import java.util.Optional;

/** Makes the outcome that an operation's work has come to. */
public record Ending(LiveOperation operation, Clock clock) {
    /** @param reason what decided, for a run */
    public Outcome failed(Reason reason, String error, Optional<ExitStatus> exit) {
        return outcome(
                reason,
                OperationStatus.FAILED,
                Optional.of(error),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                exit);
    }

    /** For work that a verdict cut short; the verdict takes its place. */
    public Outcome ended(Optional<ExitStatus> exit) {
        return failed(Reason.INFRASTRUCTURE, "it was ended", exit);
    }

    public Outcome thrownAway(ExitStatus exit) {
        return outcome(
                reason(exit),
                OperationStatus.SUCCESS,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(exit));
    }

    public Outcome kept(Outcome.Reached image, long layerBytes, ExitStatus exit) {
        return outcome(
                reason(exit),
                OperationStatus.SUCCESS,
                Optional.empty(),
                Optional.of(image),
                Optional.empty(),
                Optional.of(layerBytes),
                Optional.of(exit));
    }

    public Outcome imported(Outcome.Reached image, Optional<String> tag, long bytesMoved) {
        return outcome(
                Reason.EXITED,
                OperationStatus.SUCCESS,
                Optional.empty(),
                Optional.of(image),
                tag,
                Optional.of(bytesMoved),
                Optional.empty());
    }

    private Outcome outcome(
            Reason reason,
            OperationStatus status,
            Optional<String> error,
            Optional<Outcome.Reached> image,
            Optional<String> tag,
            Optional<Long> imageSize,
            Optional<ExitStatus> exit) {
        Optional<RunOutcome> run = operation.record().kind() == OperationKind.INSTANCE
                ? Optional.of(new RunOutcome(reason, operation.limits().all()))
                : Optional.empty();
        return new Outcome(status, error, clock.instant(), operation.duration(), image, tag, imageSize, exit, run);
    }

    private Reason reason(ExitStatus exit) {
        return ExitStatuses.reason(exit, operation.limits().has(Limit.MEMORY));
    }
}
