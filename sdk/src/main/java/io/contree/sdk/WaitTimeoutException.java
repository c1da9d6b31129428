package io.contree.sdk;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The operation did not end within the time that the caller gave it. A run that was waited for by its Execution is cancelled. */
public final class WaitTimeoutException extends ContreeClientException {
    private final UUID operation;

    WaitTimeoutException(UUID operation, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.operation = operation;
    }

    public UUID operation() {
        return operation;
    }
}
