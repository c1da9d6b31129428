package io.contree.sdk;

import io.contree.api.ContreeException;
import io.contree.api.Json;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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
            // With a time to come again it promises that nothing was done; a proxy's own does not.
            case 504 ->
                RetryAfter.of(headers)
                        .<ContreeClientException>map(after -> new UnavailableException(message, Optional.of(after)))
                        .orElseGet(() -> new ServerException(message));
            default -> new ServerException(message);
        };
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
