package io.contree.sdk;

import io.contree.sdk.Transport.Reply;
import io.contree.sdk.Transport.Request;
import io.contree.sdk.Transport.StreamReply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/** Requests of the HTTP API, with JSON turned into records and error answers into exceptions. */
final class Api implements AutoCloseable {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final Transport transport;
    private final URI baseUrl;

    Api(Transport transport, URI baseUrl) {
        this.transport = transport;
        this.baseUrl = baseUrl;
    }

    /** Where the server is. */
    URI baseUrl() {
        return baseUrl;
    }

    <T> T get(String action, String path, Class<T> type) {
        return Wire.read(action, checked(action, getReply(action, path)).body(), type);
    }

    /** The answer to a GET, checked for success unless it is a redirect. */
    Reply getReply(String action, String path) {
        return transport.send(new Request(action, "GET", path, Map.of(), null, true));
    }

    byte[] getBytes(String action, String path) {
        return checked(action, getReply(action, path)).body();
    }

    boolean exists(String action, String path) {
        Reply reply = transport.send(new Request(action, "HEAD", path, Map.of(), null, true));
        if (reply.status() == 404) {
            return false;
        }
        checked(action, reply);
        return true;
    }

    /** A body that is read as it comes; close it. */
    StreamReply stream(String action, String path, Map<String, String> headers) {
        StreamReply reply = transport.open(new Request(action, "GET", path, headers, null, true));
        if (reply.status() < 300) {
            return reply;
        }
        try {
            throw Failures.of(
                    action, reply.status(), reply.headers(), reply.body().readAllBytes());
        } catch (IOException e) {
            throw new ServerException("could not " + action + ": status " + reply.status(), e);
        }
    }

    /** Starts something: never repeated when it may have arrived. */
    <T> T start(String action, String path, Object body, Class<T> type) {
        Request request = new Request(action, "POST", path, JSON, BodyPublishers.ofByteArray(Wire.write(body)), false);
        return Wire.read(action, checked(action, transport.send(request)).body(), type);
    }

    /** Tells something to what runs: never repeated when it may have arrived. */
    void tell(String action, String path, Object body) {
        checked(
                action,
                transport.send(
                        new Request(action, "POST", path, JSON, BodyPublishers.ofByteArray(Wire.write(body)), false)));
    }

    /** Sends bytes to where the same bytes end as the same thing. */
    <T> T upload(String action, String path, BodyPublisher body, Class<T> type) {
        Request request =
                new Request(action, "POST", path, Map.of("Content-Type", "application/octet-stream"), body, true);
        return Wire.read(action, checked(action, transport.send(request)).body(), type);
    }

    <T> T patch(String action, String path, Object body, Class<T> type) {
        Request request = new Request(action, "PATCH", path, JSON, BodyPublishers.ofByteArray(Wire.write(body)), true);
        return Wire.read(action, checked(action, transport.send(request)).body(), type);
    }

    void delete(String action, String path) {
        checked(action, transport.send(new Request(action, "DELETE", path, Map.of(), null, true)));
    }

    static Reply checked(String action, Reply reply) {
        if (reply.status() >= 300) {
            throw Failures.of(action, reply.status(), reply.headers(), reply.body());
        }
        return reply;
    }

    @Override
    public void close() {
        transport.close();
    }
}
