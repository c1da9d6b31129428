package io.contree.engine;

import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome;
import io.contree.sandbox.ExitStatus;
import io.contree.store.Digest;
import io.contree.store.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * How an operation ended, for ever.
 *
 * @param error why it FAILED; empty otherwise
 * @param duration from its start, not counting the wait in the queue
 * @param image what it made or found; only on SUCCESS
 * @param tag what an import called its image; only with an image
 * @param imageSize bytes of the new layer
 * @param exit how the main process of a run ended, if it did and told
 * @param run what decided and which limits were met; empty for an import and for a run of a server that did not tell yet
 */
public record Outcome(
        OperationStatus status,
        Optional<String> error,
        Instant endedAt,
        Duration duration,
        Optional<Reached> image,
        Optional<String> tag,
        Optional<Long> imageSize,
        Optional<ExitStatus> exit,
        Optional<RunOutcome> run) {
    /** An image that an operation reached; its project may use it from then on. */
    public record Reached(UUID uuid, Digest contentDigest) {
        public static Reached of(Image image) {
            return new Reached(image.uuid(), image.contentDigest());
        }
    }

    /** The same failure in other words. */
    public Outcome withError(String words) {
        return new Outcome(status, Optional.of(words), endedAt, duration, image, tag, imageSize, exit, run);
    }

    /** CPU time of the main process and what it waited for, if it told. */
    public Optional<Long> cpuMicros() {
        return exit.map(ExitStatus::usage).map(usage -> usage.userMicros() + usage.systemMicros());
    }

    /** Its peak resident memory in KiB, if it told. */
    public Optional<Long> maxRss() {
        return exit.map(ExitStatus::usage).map(ExitStatus.ResourceUsage::maxRss);
    }

    public Outcome {
        if (!status.isFinal()) {
            throw new IllegalArgumentException("an outcome is final, not " + status);
        }
        if (error.isPresent() != (status == OperationStatus.FAILED)) {
            throw new IllegalArgumentException("an error goes with FAILED and with nothing else: " + status);
        }
        if (image.isPresent() && status != OperationStatus.SUCCESS) {
            throw new IllegalArgumentException("no image comes of " + status);
        }
    }
}
