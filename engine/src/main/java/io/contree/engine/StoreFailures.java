package io.contree.engine;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.store.StoreException;
import java.time.Duration;

/** What a failure of the store is to the caller of the engine. */
public final class StoreFailures {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private StoreFailures() {}

    /** The same failure with the code that the API has for it. */
    public static ContreeException toContree(StoreException e) {
        ErrorCode code = switch (e.kind()) {
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case WRONG_TYPE -> ErrorCode.WRONG_TYPE;
            case DAMAGED -> ErrorCode.GONE;
            case INVALID -> ErrorCode.INVALID_ARGUMENT;
            case DISK_FULL, STOPPED -> ErrorCode.UNAVAILABLE;
            case REGISTRY, CORRUPT, IO, CANCELLED -> ErrorCode.INTERNAL;
        };
        String message = String.valueOf(e.getMessage());
        return code == ErrorCode.UNAVAILABLE
                ? new ContreeException(code, message, RETRY_AFTER, e)
                : new ContreeException(code, message, e);
    }
}
