package io.contree.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Raw HTTP, the least that a client can do. Safe for use by several threads. */
public final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public Client(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /** Starts a run of a shell command, with further members of the request, and returns its operation. */
    public String spawn(String image, String command, Map<String, ?> more) throws IOException, InterruptedException {
        Map<String, Object> request = new HashMap<>(Map.of("image", image, "command", command, "shell", true));
        request.putAll(more);
        return send("POST", "/v1/instances", request).get("uuid").asString();
    }

    /** Starts a run, waits for its end and returns the image that it left. */
    public String run(String image, String command) throws IOException, InterruptedException {
        return run(image, command, Map.of());
    }

    /** The same, with further members of the request. */
    public String run(String image, String command, Map<String, ?> more) throws IOException, InterruptedException {
        return await(spawn(image, command, more)).at("/result/image").asString();
    }

    /** Whether runs may have a network. */
    public static Map<String, ?> network(boolean enabled) {
        return Map.of("networking", Map.of("enabled", enabled));
    }

    public boolean hasNetwork() throws IOException, InterruptedException {
        return send("GET", "/v1/whoami", Map.of())
                        .at("/limits/instance_networking")
                        .asInt()
                == 1;
    }

    /** Starts a run whose state is thrown away; returns how long its first output took to come, and waits for its end. */
    public double millisToOutput(String image, String command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String operation = spawn(image, command, Map.of("disposable", true));
        HttpRequest request = request("/v1/operations/" + operation + "/events?follow=1")
                .GET()
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        double millis = -1;
        try (BufferedReader events =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = events.readLine(); line != null; line = events.readLine()) {
                if (millis < 0 && line.equals("event: stdout")) {
                    millis = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        if (millis < 0) {
            throw new IOException("operation " + operation + " printed nothing: " + await(operation));
        }
        return millis;
    }

    /** Waits until a run executes. */
    public void awaitExecuting(String operation) throws IOException, InterruptedException {
        while (!send("GET", "/v1/operations/" + operation + "?inflight=1", Map.of())
                .get("status")
                .asString()
                .equals("EXECUTING")) {
            Thread.sleep(20);
        }
    }

    public String importImage(String reference) throws IOException, InterruptedException {
        JsonNode accepted = send("POST", "/v1/images/import", Map.of("registry", Map.of("url", reference)));
        return await(accepted.get("uuid").asString()).at("/result/image").asString();
    }

    /** The bytes of a file of an image. */
    public byte[] read(String image, String path) throws IOException, InterruptedException {
        String where = "/v1/inspect/" + image + "/download?path=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
        HttpResponse<byte[]> response =
                http.send(request(where).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(where + ": " + response.statusCode());
        }
        return response.body();
    }

    public void cancel(String operation) throws IOException, InterruptedException {
        send("DELETE", "/v1/operations/" + operation, Map.of());
    }

    private JsonNode await(String operation) throws IOException, InterruptedException {
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

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private JsonNode send(String method, String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
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
