package io.contree.sdk;

import java.util.UUID;

/** The operation ended as CANCELLED, and made no image. */
public final class OperationCancelledException extends ContreeClientException {
    private final UUID operation;

    OperationCancelledException(UUID operation, String message) {
        super(message, null);
        this.operation = operation;
    }

    public UUID operation() {
        return operation;
    }
}
