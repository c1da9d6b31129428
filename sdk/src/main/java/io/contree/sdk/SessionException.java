package io.contree.sdk;

import org.jspecify.annotations.Nullable;

/** A session cannot do that in its present state, or its state cannot be kept or read. The message says what to do. */
public final class SessionException extends ContreeClientException {
    public SessionException(String message) {
        this(message, null);
    }

    public SessionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
