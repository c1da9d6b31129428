package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A server, and requests about the processes of its runs. */
abstract class SubprocessSuite extends ServerSuite {
    static final Map<String, Object> OPEN = Map.of("value", "", "close", false);

    private static final ObjectMapper JSON = new ObjectMapper();

    String sleeper() throws Exception {
        return api.spawn(Map.of("image", box, "command", "sleep", "args", List.of("1000"), "timeout", 300));
    }

    static String path(String operation, int spid) {
        return "/operations/" + operation + "/subprocesses/" + spid;
    }

    HttpResponse<byte[]> create(String operation, Map<String, ?> request) throws Exception {
        return api.post("/operations/" + operation + "/subprocesses", request);
    }

    int created(String operation, Map<String, ?> request) throws Exception {
        HttpResponse<byte[]> answer = create(operation, request);
        assertThat(answer.statusCode()).as(Api.text(answer)).isEqualTo(201);
        return JSON.readTree(answer.body()).get("spid").asInt();
    }

    int shell(String operation, String command) throws Exception {
        return created(operation, Map.of("command", command, "shell", true));
    }

    int write(String operation, int spid, byte[] bytes, boolean close) throws Exception {
        Map<String, Object> body = new HashMap<>();
        body.put("value", Base64.getEncoder().encodeToString(bytes));
        body.put("encoding", "base64");
        body.put("close", close);
        return api.post(path(operation, spid) + "/stdin", body).statusCode();
    }

    int kill(String operation, int spid, String signal) throws Exception {
        return api.send("DELETE", path(operation, spid) + signal, new byte[0], "")
                .statusCode();
    }

    /** The end of a run whose main process is killed. */
    JsonNode end(String operation) throws Exception {
        assertThat(kill(operation, 1, "?signal=TERM")).isEqualTo(204);
        return api.await(operation);
    }

    /** The result of a process once it has one, as clients poll for it. */
    JsonNode result(String operation, int spid) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode result = api.getJson(path(operation, spid));
            if (result.at("/state/exit_code").asInt() != -1
                    || result.at("/state/signal").asInt() != -1) {
                return result;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("process " + spid + " did not end");
    }

    void awaitOutput(String operation, int spid) throws Exception {
        try (var in = api.stream("/operations/" + operation + "/events?follow=1&spid=" + spid)
                .body()) {
            SseFrame frame = SseFrame.read(in);
            while (frame != null && !frame.event().equals("stdout")) {
                frame = SseFrame.read(in);
            }
            assertThat(frame).isNotNull();
        }
    }
}
