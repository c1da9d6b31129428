package io.contree.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a project came from one state to another: a run that changed something, or the arrival of a state from outside.
 *
 * @param depth steps between the image that was asked about and the far end of this one, 1 and more
 * @param inputImage what the command ran on; null in JSON if the state came from outside
 * @param operationUuid null in JSON if no operation brought the state, as with a public image
 * @param kind null in JSON if there was no operation, or its record is gone and it was no run
 * @param command as people type it, up to 1,000 characters; null in JSON unless it was a run
 * @param createdAt when the step ended, and the state was there
 * @param first whether the project has the state from this step, which is what {@code IMAGE~1} goes by
 * @param cachedFrom the run whose record answered; left out if the command ran
 */
public record LineageStep(
        int depth,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable UUID inputImage,
        UUID outputImage,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable UUID operationUuid,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable OperationKind kind,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String command,
        Instant createdAt,
        boolean first,
        @Nullable UUID cachedFrom) {}
