package io.contree.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure with a code; the message says what was tried, what is wrong and what to do, fit for a user. */
public final class ContreeException extends RuntimeException {
    private final ErrorCode code;
    private final Optional<Duration> retryAfter;

    public ContreeException(ErrorCode code, String message) {
        this(code, message, Optional.empty(), null);
    }

    public ContreeException(ErrorCode code, String message, Throwable cause) {
        this(code, message, Optional.empty(), cause);
    }

    /** A temporary failure: nothing was done, and the same request may be sent again after a while. */
    public ContreeException(ErrorCode code, String message, Duration retryAfter) {
        this(code, message, Optional.of(retryAfter), null);
    }

    /** A temporary failure, with its cause. */
    public ContreeException(ErrorCode code, String message, Duration retryAfter, Throwable cause) {
        this(code, message, Optional.of(retryAfter), cause);
    }

    private ContreeException(ErrorCode code, String message, Optional<Duration> retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public ErrorCode code() {
        return code;
    }

    /** When to try again, for temporary failures. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
