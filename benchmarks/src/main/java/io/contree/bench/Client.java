package io.contree.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Raw HTTP, the least that a client can do. */
final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Client(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /** Starts a run and returns its operation. */
    String spawn(String image, String command, String hostname) throws IOException, InterruptedException {
        JsonNode accepted = send(
                "POST",
                "/v1/instances",
                Map.of("image", image, "command", command, "shell", true, "hostname", hostname));
        return accepted.get("uuid").asString();
    }

    /** Starts a run, waits for its end and returns the image that it left. */
    String run(String image, String command) throws IOException, InterruptedException {
        JsonNode record = await(spawn(image, command, "bench"));
        return record.at("/result/image").asString();
    }

    /** The same, with or without a network. */
    String run(String image, String command, boolean network) throws IOException, InterruptedException {
        JsonNode accepted = send(
                "POST",
                "/v1/instances",
                Map.of("image", image, "command", command, "shell", true, "networking", Map.of("enabled", network)));
        return await(accepted.get("uuid").asString()).at("/result/image").asString();
    }

    boolean hasNetwork() throws IOException, InterruptedException {
        return send("GET", "/v1/whoami", Map.of())
                        .at("/limits/instance_networking")
                        .asInt()
                == 1;
    }

    /** Waits until a run executes. */
    void awaitExecuting(String operation) throws IOException, InterruptedException {
        while (!send("GET", "/v1/operations/" + operation + "?inflight=1", Map.of())
                .get("status")
                .asString()
                .equals("EXECUTING")) {
            Thread.sleep(20);
        }
    }

    String importImage(String reference) throws IOException, InterruptedException {
        JsonNode accepted = send("POST", "/v1/images/import", Map.of("registry", Map.of("url", reference)));
        return await(accepted.get("uuid").asString()).at("/result/image").asString();
    }

    void cancel(String operation) throws IOException, InterruptedException {
        send("DELETE", "/v1/operations/" + operation, Map.of());
    }

    JsonNode await(String operation) throws IOException, InterruptedException {
        while (true) {
            JsonNode record = send("GET", "/v1/operations/" + operation, Map.of());
            switch (record.get("status").asString()) {
                case "SUCCESS" -> {
                    return record;
                }
                case "FAILED", "CANCELLED" -> throw new IOException("operation " + operation + ": " + record);
                default -> Thread.sleep(2);
            }
        }
    }

    private JsonNode send(String method, String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    method + " " + path + ": " + response.statusCode() + " " + JSON.readTree(response.body()));
        }
        return response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body());
    }
}
