package io.contree.sdk;

import java.util.UUID;

/** The operation ended as FAILED: it could not be carried out, and made no image. */
public final class OperationFailedException extends ContreeClientException {
    private final UUID operation;

    OperationFailedException(UUID operation, String message) {
        super(message, null);
        this.operation = operation;
    }

    public UUID operation() {
        return operation;
    }
}
