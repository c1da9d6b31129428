package io.contree.sdk;

import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries requests to the server and answers back. Safe for use by many threads. */
interface Transport extends AutoCloseable {
    /**
     * A request.
     *
     * @param action what it does, to follow "could not" in a message
     * @param path below {@code /v1}, with its query, encoded
     * @param body sent again on a repetition, so it has to be replayable
     * @param idempotent whether carrying it out twice is as good as once
     */
    record Request(
            String action,
            String method,
            String path,
            Map<String, String> headers,
            @Nullable BodyPublisher body,
            boolean idempotent) {}

    /** A whole answer, of whatever status. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and never compared
    record Reply(int status, HttpHeaders headers, byte[] body) {}

    /** An answer whose body is still coming; closing the body ends it. An error status has its body read already. */
    record StreamReply(int status, HttpHeaders headers, InputStream body) {
        Optional<Long> length() {
            return headers.firstValueAsLong("Content-Length").stream().boxed().findFirst();
        }
    }

    /**
     * Sends a request and reads the whole answer.
     *
     * @throws UnavailableException if the server cannot be reached: nothing was sent
     * @throws TransportException if the connection breaks or the answer does not come in time
     * @throws CallInterruptedException if this thread is interrupted; the request is then given up
     */
    Reply send(Request request);

    /** Sends a request and returns when the head of the answer is there; failures as {@link #send}. */
    StreamReply open(Request request);

    @Override
    void close();
}
