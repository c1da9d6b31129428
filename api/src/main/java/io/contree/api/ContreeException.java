package io.contree.api;

import java.time.Duration;
import java.util.Optional;

/** A failure with a code; the message says what was tried, what is wrong and what to do, fit for a user. */
public final class ContreeException extends RuntimeException {
    private final ErrorCode code;
    private final Optional<Duration> retryAfter;

    public ContreeException(ErrorCode code, String message) {
        super(message);
        this.code = code;
        this.retryAfter = Optional.empty();
    }

    public ContreeException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryAfter = Optional.empty();
    }

    /** A failure that passes: nothing was done, and the same request may be sent again after a while. */
    public ContreeException(ErrorCode code, String message, Duration retryAfter) {
        super(message);
        this.code = code;
        this.retryAfter = Optional.of(retryAfter);
    }

    /** A failure that passes, with what lies behind it. */
    public ContreeException(ErrorCode code, String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryAfter = Optional.of(retryAfter);
    }

    public ErrorCode code() {
        return code;
    }

    /** When to try again, for failures that pass. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
