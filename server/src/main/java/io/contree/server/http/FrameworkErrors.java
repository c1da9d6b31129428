package io.contree.server.http;

import io.contree.api.Json;
import io.contree.server.http.exchange.Failures;
import io.contree.server.http.exchange.RequestLog;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/** Errors that the web server itself makes, such as for a malformed request line, in the API's shape. */
final class FrameworkErrors implements DirectHandler {
    static DirectHandlers handlers() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, new FrameworkErrors());
        }
        return handlers.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType type,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        return answer(type, type == EventType.INTERNAL_ERROR ? Status.BAD_REQUEST_400 : status, headers, message);
    }

    /** What follows the first line is the dispatcher's, which answers everything: a failure before is the client's. */
    private static TransportResponse answer(
            EventType type, Status status, ServerResponseHeaders headers, @Nullable String message) {
        String reason = message == null || status.code() >= 500 ? status.reasonPhrase() : message;
        String text = type == EventType.HTTP_VERSION_NOT_SUPPORTED
                ? "this server speaks only HTTP/1.1; a gateway before it must be told so (nginx: proxy_http_version 1.1)"
                : "the request is not HTTP that this server takes: " + RequestLog.printable(reason);
        Failures.retryAfterSeconds(Failures.usualWait(status.code()))
                .ifPresent(seconds -> headers.set(HeaderNames.RETRY_AFTER, seconds));
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(false)
                .header(HeaderNames.DATE, HttpDate.now())
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .entity(Json.bytes(new Failures.ErrorBody(text, status.code())))
                .build();
    }
}
