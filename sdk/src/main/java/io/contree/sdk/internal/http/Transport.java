package io.contree.sdk.internal.http;

import io.contree.sdk.internal.InternalException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries requests to the server and answers back. Safe for use by many threads. */
public interface Transport extends AutoCloseable {
    /**
     * A request.
     *
     * @param action what it does, to follow "could not" in a message
     * @param path below {@code /v1}, with its query, encoded
     * @param body sent again on a repetition, so it has to be replayable if the request is idempotent
     * @param idempotent whether carrying it out twice is as good as once
     * @param deadline besides the client's own time limits
     * @param orphaned takes the answer if the thread that waited for it is interrupted; null gives the request up then
     */
    record Request(
            String action,
            String method,
            String path,
            Map<String, String> headers,
            @Nullable BodyPublisher body,
            boolean idempotent,
            Deadline deadline,
            @Nullable Consumer<Reply> orphaned) {

        /** A request that changes nothing, or nothing that a repetition would. */
        public static Request plain(String action, String method, String path) {
            return new Request(action, method, path, Map.of(), null, true, Deadline.never(), null);
        }

        public static Request withBody(
                String action, String method, String path, String contentType, BodyPublisher body, boolean idempotent) {
            Map<String, String> headers = Map.of("Content-Type", contentType);
            return new Request(action, method, path, headers, body, idempotent, Deadline.never(), null);
        }

        /** One that must not be carried out twice. */
        public Request once() {
            return new Request(action, method, path, headers, body, false, deadline, orphaned);
        }

        public Request headers(Map<String, String> headers) {
            return new Request(action, method, path, headers, body, idempotent, deadline, orphaned);
        }

        public Request by(Deadline deadline) {
            return new Request(action, method, path, headers, body, idempotent, deadline, orphaned);
        }

        public Request orphaned(Consumer<Reply> orphaned) {
            return new Request(action, method, path, headers, body, idempotent, deadline, orphaned);
        }
    }

    /** A whole answer, of whatever status. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and never compared
    record Reply(int status, HttpHeaders headers, byte[] body) {}

    /** An answer whose body is still coming; closing the body ends it. An error status has its body read already. */
    record StreamReply(int status, HttpHeaders headers, InputStream body) {
        /** The length of the body, if it was told and is that of the bytes that come out here. */
        public Optional<Long> length() {
            return Encodings.isPlain(headers)
                    ? headers.firstValueAsLong("Content-Length").stream()
                            .boxed()
                            .findFirst()
                    : Optional.empty();
        }
    }

    /**
     * Sends a request and reads the whole answer.
     *
     * @throws InternalException of the kind {@code UNAVAILABLE} if the server cannot be reached: nothing was sent; {@code
     *     CONNECTION} if the connection breaks or the answer does not come in time; {@code ANSWER} if that is longer than any
     *     of this protocol; {@code INTERRUPTED} if this thread is interrupted; {@code CLOSED} once this is closed
     */
    Reply send(Request request);

    /** Sends a request and returns when the head of the answer is there; failures as {@link #send}. */
    StreamReply open(Request request);

    @Override
    void close();
}
