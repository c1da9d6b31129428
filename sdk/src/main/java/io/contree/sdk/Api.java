package io.contree.sdk;

import io.contree.sdk.internal.http.Deadline;
import io.contree.sdk.internal.http.Retries;
import io.contree.sdk.internal.http.Transport;
import io.contree.sdk.internal.http.Transport.Reply;
import io.contree.sdk.internal.http.Transport.Request;
import io.contree.sdk.internal.http.Transport.StreamReply;
import io.contree.sdk.internal.http.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.function.Consumer;

/** Requests of the HTTP API, with JSON turned into records and error answers into exceptions. */
final class Api implements AutoCloseable {
    static final String EVENTS = "text/event-stream";
    static final String FILE = "application/octet-stream";
    static final String PATCH = "text/x-patch";
    static final String TAR = "application/x-tar";
    private static final String JSON = "application/json";

    private final Transport transport;
    private final URI baseUrl;
    private final Retries retries;

    Api(Transport transport, URI baseUrl, Retries retries) {
        this.transport = transport;
        this.baseUrl = baseUrl;
        this.retries = retries;
    }

    /** Where the server is. */
    URI baseUrl() {
        return baseUrl;
    }

    Retries retries() {
        return retries;
    }

    <T> T get(String action, String path, Class<T> type) {
        return json(action, getReply(action, path), type);
    }

    /** The answer to a GET, of whatever status. */
    Reply getReply(String action, String path) {
        return send(Request.plain(action, "GET", path));
    }

    /** The JSON of an answer to a GET, as it came. */
    byte[] getJson(String action, String path, Deadline deadline) {
        Reply reply = send(Request.plain(action, "GET", path).by(deadline));
        return jsonBody(action, reply);
    }

    boolean exists(String action, String path) {
        Reply reply = send(Request.plain(action, "HEAD", path));
        if (reply.status() == 404) {
            return false;
        }
        checked(action, reply);
        return true;
    }

    /** A body of this content type that is read as it comes; close it. */
    StreamReply stream(String action, String path, String contentType) {
        return stream(Request.plain(action, "GET", path), contentType);
    }

    /** The body of the answer to a request; close it. */
    StreamReply stream(Request request, String contentType) {
        StreamReply reply = Failures.translating(() -> transport.open(request));
        try (InputStream body = reply.status() < 300 ? null : reply.body()) {
            if (body != null) {
                throw Failures.of(request.action(), reply.status(), reply.headers(), body.readAllBytes());
            }
        } catch (IOException e) {
            throw new ServerException("could not " + request.action() + ": status " + reply.status(), e);
        }
        try {
            expect(request.action(), reply.headers(), contentType);
            return reply;
        } catch (ServerException e) {
            close(reply.body(), e);
            throw e;
        }
    }

    /**
     * Starts something: never repeated when it may have arrived.
     *
     * @param undo ends what was started, if this thread is interrupted and the answer comes later
     */
    <T> T start(String action, String path, Object body, Class<T> type, Consumer<T> undo) {
        Request request =
                Request.withBody(action, "POST", path, JSON, BodyPublishers.ofByteArray(Wire.write(body)), false);
        Request started = request.orphaned(reply -> {
            if (reply.status() < 300) {
                undo.accept(json(action, reply, type));
            }
        });
        return json(action, send(started), type);
    }

    /** Does something once: never repeated when it may have arrived. */
    void post(String action, String path, Object body) {
        BodyPublisher json = BodyPublishers.ofByteArray(Wire.write(body));
        checked(action, send(Request.withBody(action, "POST", path, JSON, json, false)));
    }

    /** As {@link #delete}, but never repeated when it may have arrived. */
    void deleteOnce(String action, String path) {
        checked(action, send(Request.plain(action, "DELETE", path).once()));
    }

    /** Sends bytes to where the same bytes end as the same thing. */
    <T> T upload(String action, String path, BodyPublisher body, boolean replayable, Class<T> type) {
        return json(action, send(Request.withBody(action, "POST", path, FILE, body, replayable)), type);
    }

    <T> T patch(String action, String path, Object body, Class<T> type) {
        BodyPublisher json = BodyPublishers.ofByteArray(Wire.write(body));
        return json(action, send(Request.withBody(action, "PATCH", path, JSON, json, true)), type);
    }

    /** Does something that may be done again. */
    <T> T repeatable(String action, String path, Class<T> type) {
        return json(action, send(Request.withBody(action, "POST", path, JSON, BodyPublishers.noBody(), true)), type);
    }

    void put(String action, String path) {
        checked(action, send(Request.plain(action, "PUT", path)));
    }

    <T> T delete(String action, String path, Class<T> type) {
        return json(action, send(Request.plain(action, "DELETE", path)), type);
    }

    void delete(String action, String path) {
        checked(action, send(Request.plain(action, "DELETE", path)));
    }

    static Reply checked(String action, Reply reply) {
        if (reply.status() >= 300) {
            throw Failures.of(action, reply.status(), reply.headers(), reply.body());
        }
        return reply;
    }

    /** @throws ServerException if the bytes are not the JSON that was expected */
    static <T> T read(String action, byte[] json, Class<T> type) {
        return Failures.translating(() -> Wire.read(action, json, type));
    }

    private Reply send(Request request) {
        return Failures.translating(() -> transport.send(request));
    }

    private static <T> T json(String action, Reply reply, Class<T> type) {
        return read(action, jsonBody(action, reply), type);
    }

    private static byte[] jsonBody(String action, Reply reply) {
        checked(action, reply);
        expect(action, reply.headers(), JSON);
        return reply.body();
    }

    /** What a proxy or another server says must not be taken for the answer. */
    private static void expect(String action, HttpHeaders headers, String contentType) {
        String type = headers.firstValue("Content-Type").orElse(contentType).toLowerCase(Locale.ROOT);
        if (!type.replaceFirst(";.*", "").strip().equals(contentType)) {
            throw new ServerException("could not " + action + ": the answer is " + type + " and should be "
                    + contentType + "; is a proxy or another server at that address?");
        }
    }

    /** Closes what is not needed after a failure, without losing that. */
    static void close(InputStream body, ContreeClientException reason) {
        try {
            body.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
