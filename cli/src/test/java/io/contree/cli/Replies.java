package io.contree.cli;

import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Answers of a server in the forms of the API. */
final class Replies {
    static final UUID IMAGE = UUID.fromString("11111111-1111-8111-8111-111111111111");
    static final UUID NEXT = UUID.fromString("22222222-2222-8222-8222-222222222222");
    static final UUID OPERATION = UUID.fromString("00000000-0000-0000-0000-0000000000aa");
    static final String STATUS = "GET /v1/operations/" + OPERATION;
    static final String EVENTS = STATUS + "/events";
    static final String SPAWN = "POST /v1/instances";

    private Replies() {}

    static String image(UUID uuid, String tag) {
        return """
                {"uuid": "%s", "tag": %s, "created_at": "2026-01-02T03:04:05.123456+00:00", "operation_uuid": null,
                 "content_digest": "sha256:c"}""".formatted(uuid, tag == null ? "null" : "\"" + tag + "\"");
    }

    /** A server on which every run ends this way, with this on its standard output. */
    static ScriptedServer run(ScriptedServer server, int code, int signal, boolean timedOut, String stdout) {
        String base64 = Base64.getEncoder().encodeToString(stdout.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        List<String> events = new ArrayList<>(List.of("0 init \"spid\": 0, \"data\": {}"));
        events.add("1 stdout \"spid\": 1, \"data\": {\"value\": \"" + base64 + "\", \"encoding\": \"base64\"}");
        events.add("2 stderr \"spid\": 1, \"data\": {\"value\": \"warning\", \"encoding\": \"ascii\"}");
        events.add("3 completion \"data\": {}");
        String process = """
                {"stdout": {"value": "%s", "encoding": "base64", "truncated": false},
                 "stderr": {"value": "warning", "encoding": "ascii", "truncated": false},
                 "state": {"exit_code": %d, "signal": %d, "pid": 7, "timed_out": %s, "core_dump": false,
                           "stopped": false, "continued": false},
                 "resources": {"elapsed_time": 0.1, "max_rss": 1000, "cost": 0.0}}""".formatted(base64, code, signal, timedOut);
        return server.on(SPAWN, Answer.status(201, "{\"uuid\": \"" + OPERATION + "\"}"))
                .on(EVENTS, Answer.events(events.toArray(String[]::new)))
                .on(STATUS, operation("instance", "SUCCESS", "null", "\"" + NEXT + "\"", process));
    }

    static Answer operation(String kind, String status, String error, String image, String process) {
        return Answer.json("""
                {"uuid": "%s", "kind": "%s", "status": "%s", "error": %s,
                 "created_at": "2026-01-02T03:04:05+00:00", "duration": 0.4, "result_image_uuid": %s,
                 "result": {"image": %s, "tag": null}, "metadata": {"result": %s}}""".formatted(OPERATION, kind, status, error, image, image, process));
    }
}
