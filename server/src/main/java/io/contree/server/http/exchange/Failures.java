package io.contree.server.http.exchange;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.sandbox.SandboxException;
import io.contree.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The error table: what each failure of the layers below is to a client. */
public record Failures(int status, String message, Optional<Duration> retryAfter) {
    /** What an unforeseen failure is to a client; the log has the rest. */
    public static final String INTERNAL = "the server failed at this request; its log says why";

    public static Failures of(Throwable failure) {
        return switch (failure) {
            case ContreeException e -> new Failures(e.code().status(), message(e), e.retryAfter());
            case StoreException e -> new Failures(code(e.kind()).status(), message(e), Optional.empty());
            case SandboxException e -> new Failures(ErrorCode.INTERNAL.status(), message(e), Optional.empty());
            default -> new Failures(ErrorCode.INTERNAL.status(), INTERNAL, Optional.empty());
        };
    }

    /**
     * The same for a client: a failure of the server itself is shown without what only this machine knows, and with an
     * id under which the log has the rest.
     */
    public Failures shownAs(UnaryOperator<String> shown, Supplier<String> id) {
        if (status < ErrorCode.INTERNAL.status()) {
            return this;
        }
        String text = shown.apply(message);
        return text.equals(message)
                ? this
                : new Failures(status, text + " (the server's log has the rest at " + id.get() + ")", retryAfter);
    }

    private static String message(RuntimeException failure) {
        String message = failure.getMessage();
        return message == null ? INTERNAL : message;
    }

    private static ErrorCode code(StoreException.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case WRONG_TYPE -> ErrorCode.WRONG_TYPE;
            case DAMAGED -> ErrorCode.GONE;
            case INVALID -> ErrorCode.INVALID_ARGUMENT;
            case DISK_FULL, REGISTRY, STOPPED -> ErrorCode.UNAVAILABLE;
            case CANCELLED -> ErrorCode.CONFLICT;
            case CORRUPT, IO -> ErrorCode.INTERNAL;
        };
    }

    /** True for a failure that nobody foresaw: where it happened matters. */
    boolean isDefect() {
        return status == ErrorCode.INTERNAL.status();
    }

    /** True for a failure that an operator may have to look at, such as a full disk. */
    boolean isTrouble() {
        return status > ErrorCode.INTERNAL.status() && status != ErrorCode.TIMEOUT.status();
    }

    /** The header's value: whole seconds, at least one; always there for what passes by itself. */
    public Optional<String> retryAfterSeconds() {
        return retryAfterSeconds(retryAfter.or(() -> usualWait(status)));
    }

    public static Optional<String> retryAfterSeconds(Optional<Duration> wait) {
        return wait.map(after -> Long.toString(Math.max(1, after.plusMillis(999).toSeconds())));
    }

    /** When to try again after a status that says that the server cannot just now. */
    public static Optional<Duration> usualWait(int status) {
        if (status == ErrorCode.UNAVAILABLE.status()) {
            return Optional.of(Duration.ofSeconds(5));
        }
        boolean soon = status == ErrorCode.TOO_MANY_REQUESTS.status() || status == ErrorCode.TOO_EARLY.status();
        return soon ? Optional.of(Duration.ofSeconds(1)) : Optional.empty();
    }

    /** The body of every error. */
    public ErrorBody body() {
        return new ErrorBody(message, status);
    }

    /** The one shape of errors; older clients insist on exactly these keys. */
    public record ErrorBody(String error, int status) {}
}
