package io.contree.sdk.internal;

import org.jspecify.annotations.Nullable;

/**
 * What did not work, inside of the client. No caller sees it: the client's packages make of it the exception of its kind,
 * whose constructors are not for everybody.
 */
public final class InternalException extends RuntimeException {
    /** What a caller can do about it. */
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
    private final String message;

    public InternalException(Kind kind, String message) {
        this(kind, message, null);
    }

    public InternalException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.message = message;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
