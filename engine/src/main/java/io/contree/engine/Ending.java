package io.contree.engine;

import io.contree.api.OperationStatus;
import io.contree.sandbox.ExitStatus;
import java.time.Clock;
import java.util.Optional;

/** Makes the outcome that an operation's work has come to. */
record Ending(LiveOperation operation, Clock clock) {
    Outcome failed(String error, Optional<ExitStatus> exit) {
        return outcome(
                OperationStatus.FAILED, Optional.of(error), Optional.empty(), Optional.empty(), Optional.empty(), exit);
    }

    /** For work that a verdict cut short; the verdict takes its place. */
    Outcome ended(Optional<ExitStatus> exit) {
        return failed("it was ended", exit);
    }

    Outcome thrownAway(ExitStatus exit) {
        return outcome(
                OperationStatus.SUCCESS,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(exit));
    }

    Outcome kept(Outcome.Reached image, long layerBytes, ExitStatus exit) {
        return outcome(
                OperationStatus.SUCCESS,
                Optional.empty(),
                Optional.of(image),
                Optional.empty(),
                Optional.of(layerBytes),
                Optional.of(exit));
    }

    Outcome imported(Outcome.Reached image, Optional<String> tag, long bytesMoved) {
        return outcome(
                OperationStatus.SUCCESS,
                Optional.empty(),
                Optional.of(image),
                tag,
                Optional.of(bytesMoved),
                Optional.empty());
    }

    private Outcome outcome(
            OperationStatus status,
            Optional<String> error,
            Optional<Outcome.Reached> image,
            Optional<String> tag,
            Optional<Long> imageSize,
            Optional<ExitStatus> exit) {
        return new Outcome(status, error, clock.instant(), operation.duration(), image, tag, imageSize, exit);
    }
}
