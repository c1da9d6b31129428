package io.contree.sdk;

import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A scripted server on which runs end as they are told: operation n leaves image n. */
public final class RunsOfScript implements AutoCloseable {
    public static final String SPAWN = "POST /v1/instances";

    public final ScriptedServer server;
    public final Contree contree;

    public RunsOfScript() throws IOException {
        server = ScriptedServer.start();
        contree = Contree.builder()
                .baseUrl(server.uri().toString())
                .token("t")
                .requestTimeout(Duration.ofSeconds(5))
                .build();
    }

    public static UUID image(int n) {
        return new UUID(0x1111_1111_1111_8111L, 0x8111_1111_1111_0000L + n);
    }

    public static UUID operation(int n) {
        return new UUID(0xaaaa_aaaa_aaaa_8aaaL, 0x8aaa_aaaa_aaaa_0000L + n);
    }

    public static String status(int n) {
        return "GET /v1/operations/" + operation(n);
    }

    /** Spawns are answered by these operations, in this order. */
    public RunsOfScript accepts(int... operations) {
        Answer[] answers = Stream.of(operations)
                .flatMapToInt(java.util.Arrays::stream)
                .mapToObj(n -> Answer.status(201, "{\"uuid\": \"" + operation(n) + "\"}"))
                .toArray(Answer[]::new);
        server.on(SPAWN, answers);
        return this;
    }

    /** The operation has ended with this exit code and left the image of its number. */
    public RunsOfScript ended(int n, int exitCode) {
        server.on(status(n), record(n, "SUCCESS", "\"" + image(n) + "\"", exitCode));
        return this;
    }

    public RunsOfScript endedWithout(int n, String status) {
        server.on(status(n), record(n, status, "null", 0));
        return this;
    }

    /** The images that runs were started on so far. */
    public List<String> startedOn() {
        return server.requests(SPAWN).stream()
                .map(request -> request.body().replaceAll(".*\"image\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    public static Answer record(int n, String status, String image, int exitCode) {
        return Answer.json("""
                {"uuid": "%s", "kind": "instance", "status": "%s", "error": null,
                 "created_at": "2026-01-02T03:04:05+00:00", "duration": 0.4, "image_uuid": "%s",
                 "result_image_uuid": %s, "result": {"image": %s, "tag": null},
                 "metadata": {"command": "x", "result":
                    {"stdout": {"value": "", "encoding": "ascii", "truncated": false},
                     "stderr": {"value": "", "encoding": "ascii", "truncated": false},
                     "state": {"exit_code": %d, "signal": -1, "pid": 7, "timed_out": false, "core_dump": false,
                               "stopped": false, "continued": false},
                     "resources": {"elapsed_time": 0.1, "max_rss": 1000, "cost": 0.0}}}}""".formatted(operation(n), status, image(0), image, image, exitCode));
    }

    @Override
    public void close() throws IOException {
        contree.close();
        server.close();
    }
}
