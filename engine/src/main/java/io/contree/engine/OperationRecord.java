package io.contree.engine;

import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.engine.history.CommandLine;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An operation as the catalog keeps it: PENDING from its acceptance on, then final. The states in between live in memory:
 * they end with the process that knows them.
 *
 * @param request what was asked for; an import's credentials are masked
 * @param image what a run runs on; empty for an import
 * @param end how it ended; empty until then
 */
public record OperationRecord(
        UUID uuid,
        UUID project,
        OperationDetails.Request request,
        Instant createdAt,
        Optional<UUID> image,
        Optional<OperationEnd> end) {
    /** A run or an import. */
    public OperationKind kind() {
        return request instanceof OperationDetails.Instance ? OperationKind.INSTANCE : OperationKind.IMAGE_IMPORT;
    }

    /** What a run executes, as people type it; empty for an import. */
    public Optional<String> command() {
        return request instanceof OperationDetails.Instance run
                ? Optional.of(CommandLine.of(run.spawn().process()))
                : Optional.empty();
    }

    /** PENDING until the outcome is known. */
    public OperationStatus status() {
        return end.map(ended -> ended.outcome().status()).orElse(OperationStatus.PENDING);
    }
}
