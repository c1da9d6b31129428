package io.contree.sdk;

import io.contree.api.ContreeException;
import io.contree.api.Json;
import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.http.RetryAfter;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Error answers as exceptions: the table of statuses. */
final class Failures {
    private static final int LONGEST_BODY = 500;

    private Failures() {}

    static ContreeClientException of(String action, int status, HttpHeaders headers, byte[] body) {
        String message = "could not " + action + ": " + reason(status, body);
        return switch (status) {
            case 400, 405, 413, 415, 422 -> new InvalidRequestException(message);
            case 401, 403 -> new NotAllowedException(message);
            case 404, 410 -> new NotFoundException(message);
            case 409 -> new ConflictException(message);
            case 425, 429, 503 -> new UnavailableException(message, RetryAfter.of(headers));
            // With a Retry-After it promises that nothing was done; a proxy's own answer does not.
            case 504 ->
                RetryAfter.of(headers)
                        .<ContreeClientException>map(after -> new UnavailableException(message, Optional.of(after)))
                        .orElseGet(() -> new ServerException(message));
            default -> new ServerException(message);
        };
    }

    /** What a call of the plumbing gives, or the failure that callers know. */
    static <T> T translating(Supplier<T> call) {
        try {
            return call.get();
        } catch (InternalException e) {
            throw of(e);
        }
    }

    static ContreeClientException of(InternalException e) {
        String message = String.valueOf(e.getMessage());
        ContreeClientException failure = switch (e.kind()) {
            case CONFIGURATION -> new ConfigurationException(message);
            case UNAVAILABLE -> new UnavailableException(message, e.getCause());
            case CONNECTION -> new TransportException(message, e.getCause());
            case ANSWER -> new ServerException(message, e.getCause());
            case LOCAL_FILE -> new LocalFileException(message, e.getCause());
            case INTERRUPTED -> new CallInterruptedException(message, (InterruptedException) e.getCause());
            case CLOSED -> new ClientClosedException(message, e.getCause());
        };
        failure.setStackTrace(e.getStackTrace());
        for (Throwable suppressed : e.getSuppressed()) {
            failure.addSuppressed(suppressed);
        }
        return failure;
    }

    /** What the server says, or the status if it says nothing readable. */
    private static String reason(int status, byte[] body) {
        try {
            JsonNode error = Json.read(body, JsonNode.class).path("error");
            if (error.isString() && !error.asString().isBlank()) {
                return error.asString();
            }
        } catch (ContreeException e) {
            // Not from contree: a proxy, or another server at that address.
        }
        String text = new String(body, StandardCharsets.UTF_8).strip();
        String shown = text.length() > LONGEST_BODY ? text.substring(0, LONGEST_BODY) + "…" : text;
        return "the server answered with status " + status + (shown.isEmpty() ? "" : " and no contree error: " + shown);
    }
}
