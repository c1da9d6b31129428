package io.contree.sdk;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server cannot be reached or is busy. Nothing was done: the same call can be made again later. */
public final class UnavailableException extends ContreeClientException {
    private final Optional<Duration> retryAfter;

    UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = Optional.empty();
    }

    UnavailableException(String message, Optional<Duration> retryAfter) {
        super(message, null);
        this.retryAfter = retryAfter;
    }

    /** True if a server answered that it is busy, false if no server was reached. */
    public boolean isBusy() {
        return getCause() == null;
    }

    /** When the server wants to be asked again, if it said so. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
