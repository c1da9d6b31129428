package io.contree.sdk.internal;

import org.jspecify.annotations.Nullable;

/** A failure inside the client. No caller sees it: the root package turns it into the public exception of its kind. */
public final class InternalException extends RuntimeException {
    /** The kinds of {@code ContreeClientException} that it can become. */
    public enum Kind {
        CONFIGURATION,
        UNAVAILABLE,
        CONNECTION,
        ANSWER,
        LOCAL_FILE,
        INTERRUPTED,
        CLOSED
    }

    private final Kind kind;

    public InternalException(Kind kind, String message) {
        this(kind, message, null);
    }

    public InternalException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
