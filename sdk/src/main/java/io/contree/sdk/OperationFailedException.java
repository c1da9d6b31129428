package io.contree.sdk;

import io.contree.api.RunOutcome;
import java.util.Optional;
import java.util.UUID;

/** The operation ended as FAILED: it could not be carried out, and made no image. */
public final class OperationFailedException extends ContreeClientException {
    private final UUID operation;
    private final transient Optional<RunOutcome> outcome;

    OperationFailedException(Operation record) {
        super(record.error().orElse("no reason given"), null);
        this.operation = record.uuid();
        this.outcome = record.outcome();
    }

    public UUID operation() {
        return operation;
    }

    /** What decided, and which limits a run met; empty for imports, and from servers that do not say. */
    public Optional<RunOutcome> outcome() {
        return outcome == null ? Optional.empty() : outcome; // not there in one that was serialized
    }
}
