package io.contree.engine;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.store.StoreException;

/** What a failure of the store is to the caller of the engine. */
public final class StoreFailures {
    private StoreFailures() {}

    /** The same failure with the code that the API has for it. */
    public static ContreeException toContree(StoreException e) {
        ErrorCode code = switch (e.kind()) {
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case WRONG_TYPE -> ErrorCode.WRONG_TYPE;
            case INVALID -> ErrorCode.INVALID_ARGUMENT;
            case DISK_FULL, STOPPED -> ErrorCode.UNAVAILABLE;
            case REGISTRY, CORRUPT, IO, CANCELLED -> ErrorCode.INTERNAL;
        };
        return new ContreeException(code, String.valueOf(e.getMessage()), e);
    }
}
