package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.OpenApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Plain HTTP to a server, as a client in any language would speak it: no code of ours between test and wire. Every answer is
 * held against openapi.yaml. Redirects are not followed.
 */
final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    Api(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /** @param headers names and values, one after the other */
    HttpResponse<byte[]> send(String method, String path, byte[] body, String contentType, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (body.length > 0) {
            request.header("Content-Type", contentType);
        }
        return send(headers.length == 0 ? request : request.headers(headers), path);
    }

    /** Sends bytes without their length: chunked. */
    HttpResponse<byte[]> upload(byte[] chunked) throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/files")
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(chunked)));
        return send(request, "/files");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + "/v1" + path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder builder, String path)
            throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        OpenApi.get()
                .check(
                        request.method(),
                        path.replaceAll("\\?.*", ""),
                        response.statusCode(),
                        response.headers().firstValue("Content-Type"),
                        response.body());
        if (response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")) {
            new String(response.body(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data: {"))
                    .forEach(line -> OpenApi.get().checkEvent(line.substring(6).getBytes(StandardCharsets.UTF_8)));
        }
        return response;
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send("GET", path, new byte[0], "");
    }

    HttpResponse<byte[]> head(String path) throws IOException, InterruptedException {
        return send("HEAD", path, new byte[0], "");
    }

    HttpResponse<byte[]> delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, new byte[0], "");
    }

    /** An answer of 200 whose body is read as it comes, such as a stream of events; {@code headers} are names and values. */
    HttpResponse<InputStream> stream(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        HttpRequest built = (headers.length == 0 ? request : request.headers(headers)).build();
        HttpResponse<InputStream> response = http.send(built, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response;
    }

    JsonNode getJson(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(path);
        assertThat(response.statusCode()).as(path + ": " + text(response)).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    HttpResponse<byte[]> post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, JSON.writeValueAsBytes(body), "application/json");
    }

    HttpResponse<byte[]> patch(String path, Object body) throws IOException, InterruptedException {
        return send("PATCH", path, JSON.writeValueAsBytes(body), "application/json");
    }

    /** Puts a tag on an image, which must succeed, and returns the image's record. */
    JsonNode tag(String image, String tag) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = patch("/images/" + image + "/tag", Map.of("tag", tag));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return json(response);
    }

    /** Starts a run and returns its operation's id. */
    String spawn(Map<String, ?> request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = post("/instances", request);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(201);
        return JSON.readTree(response.body()).get("uuid").asString();
    }

    /** Waits for an operation's end and returns its record. */
    JsonNode await(String operation) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode record = getJson("/operations/" + operation);
            if (java.util.Set.of("SUCCESS", "FAILED", "CANCELLED")
                    .contains(record.get("status").asString())) {
                return record;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("operation " + operation + " did not end: " + getJson("/operations/" + operation));
    }

    /** Runs a shell expression that keeps its state, and returns the operation's record. */
    JsonNode shell(String image, String command) throws IOException, InterruptedException {
        return await(spawn(Map.of("image", image, "command", command, "shell", true)));
    }

    /** Runs a shell expression that must succeed with exit code 0, and returns the resulting image. */
    String imageAfter(String image, String command) throws IOException, InterruptedException {
        JsonNode record = shell(image, command);
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("SUCCESS");
        assertThat(record.at("/metadata/result/state/exit_code").asInt())
                .as(record.toString())
                .isZero();
        return record.at("/result/image").asString();
    }

    /** Imports an image, which must succeed, and returns its UUID. */
    String importImage(String reference, String tag) throws IOException, InterruptedException {
        JsonNode record = importRecord(reference, tag);
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("SUCCESS");
        return record.at("/result/image").asString();
    }

    JsonNode importRecord(String reference, String tag) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                post("/images/import", Map.of("registry", Map.of("url", reference), "tag", tag, "timeout", 120));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(201);
        return await(JSON.readTree(response.body()).get("uuid").asString());
    }

    byte[] read(String image, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get("/inspect/" + image + "/download?path=" + encode(path));
        assertThat(response.statusCode()).as(path + ": " + text(response)).isEqualTo(200);
        return response.body();
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        return JSON.readTree(response.body());
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String text(HttpResponse<byte[]> response) {
        return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }
}
