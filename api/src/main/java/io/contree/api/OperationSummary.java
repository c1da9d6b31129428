package io.contree.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An operation in a list.
 *
 * @param error null in JSON unless it FAILED
 * @param duration seconds; grows while it runs
 * @param imageUuid what it ran on; left out for imports
 * @param resultImageUuid null in JSON unless it reached an image
 * @param imageSize bytes of the new layer; left out until known
 * @param consumedCpu CPU seconds; left out until known
 * @param consumedMemory peak resident KiB; left out until known
 * @param cachedFrom the run whose record it repeats; left out if it ran itself
 * @param queuePosition how soon its turn comes, 1 for next; left out unless it waits for one
 */
public record OperationSummary(
        UUID uuid,
        OperationKind kind,
        OperationStatus status,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String error,
        Instant createdAt,
        double duration,
        @Nullable UUID imageUuid,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable UUID resultImageUuid,
        @Nullable Long imageSize,
        @Nullable Double consumedCpu,
        @Nullable Long consumedMemory,
        @Nullable UUID cachedFrom,
        @Nullable Long queuePosition) {
    /** The same at a position in the queue. */
    public OperationSummary at(long position) {
        return new OperationSummary(
                uuid,
                kind,
                status,
                error,
                createdAt,
                duration,
                imageUuid,
                resultImageUuid,
                imageSize,
                consumedCpu,
                consumedMemory,
                cachedFrom,
                position);
    }
}
