package io.contree.server.http;

import io.contree.testkit.OpenApi;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The one HTTP client of the tests: every answer is held against openapi.yaml. Redirects are not followed. */
public final class ApiClient implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final String token;

    /** What came back; never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, java.net.http.HttpHeaders headers, byte[] body) {
        public JsonNode json() {
            return new JsonMapper().readTree(body);
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        public String error() {
            return json().get("error").stringValue();
        }
    }

    public ApiClient(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public Answer head(String path) {
        return send("HEAD", path, BodyPublishers.noBody());
    }

    public Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    public Answer post(String path, String json) {
        return send("POST", path, BodyPublishers.ofString(json.replace('\'', '"')), "Content-Type", "application/json");
    }

    public Answer patch(String path, String json) {
        return send(
                "PATCH", path, BodyPublishers.ofString(json.replace('\'', '"')), "Content-Type", "application/json");
    }

    /** Sends a request to a path below {@code /v1} and checks the answer. */
    public Answer send(String method, String path, BodyPublisher body, String... headers) {
        try {
            HttpResponse<byte[]> response =
                    http.send(request(method, "/v1" + path, body, headers), BodyHandlers.ofByteArray());
            Optional<String> type = response.headers().firstValue("Content-Type");
            byte[] plain = response.headers().firstValue("Content-Encoding").isPresent()
                    ? new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(response.body()))
                            .readAllBytes()
                    : response.body();
            OpenApi.get().check(method, path.replaceAll("\\?.*", ""), response.statusCode(), type, plain);
            return new Answer(response.statusCode(), response.headers(), plain);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Opens a stream below {@code /v1}; its end and its content are the test's business. */
    public HttpResponse<InputStream> stream(String path, String... headers) throws IOException, InterruptedException {
        return http.send(request("GET", "/v1" + path, BodyPublishers.noBody(), headers), BodyHandlers.ofInputStream());
    }

    /** Any path, unchecked. */
    public HttpResponse<byte[]> raw(String method, String path, String... headers)
            throws IOException, InterruptedException {
        return http.send(request(method, path, BodyPublishers.noBody(), headers), BodyHandlers.ofByteArray());
    }

    private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
