package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Many processes, long-lived runs, and malicious requests. */
@Isolated("takes most of the memory")
class SubprocessLimitsIT extends SubprocessSuite {
    private <T> List<T> together(int count, Callable<T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                running.add(threads.submit(call));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get());
            }
            return results;
        }
    }

    @Test
    void aLazySessionLivesInSubprocessesAndItsEndKeepsTheirState() throws Exception {
        String operation = api.spawn(
                Map.of("image", box, "command", "sleep", "args", List.of("2147483647"), "timeout", Integer.MAX_VALUE));
        int first = shell(operation, "echo one > /state");
        assertThat(result(operation, first).at("/state/exit_code").asInt()).isZero();
        int second = shell(operation, "cat /state; echo two >> /state");
        assertThat(result(operation, second).at("/stdout/value").asString()).isEqualTo("one\n");

        JsonNode record = end(operation);
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at("/metadata/result/state/signal").asInt()).isEqualTo(15);
        String image = record.get("result_image_uuid").asString();
        assertThat(image).isNotEqualTo(box);
        assertThat(api.read(image, "/state")).asString().isEqualTo("one\ntwo\n");
    }

    @Test
    void hundredsOfSubprocessesRunAtOnceAndEndWithTheMainOne() throws Exception {
        String operation = sleeper();
        List<Integer> sleeping =
                together(100, () -> created(operation, Map.of("command", "sleep", "args", List.of("1000"))));
        List<Integer> talking = together(200, () -> shell(operation, "echo $$; exit 9"));

        assertThat(IntStream.concat(
                                sleeping.stream().mapToInt(Integer::intValue),
                                talking.stream().mapToInt(Integer::intValue))
                        .sorted()
                        .boxed())
                .isEqualTo(IntStream.rangeClosed(2, 301).boxed().toList());
        for (int spid : talking) {
            JsonNode result = result(operation, spid);
            assertThat(result.at("/state/exit_code").asInt()).isEqualTo(9);
            assertThat(result.at("/stdout/value").asString().strip())
                    .isEqualTo(result.at("/state/pid").asString());
        }
        assertThat(end(operation).get("status").asString()).isEqualTo("SUCCESS");
        for (int spid : sleeping) {
            assertThat(api.getJson(path(operation, spid)).at("/state/signal").asInt())
                    .isEqualTo(15);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0", "-1", "1.0", "99999999999999999999", "%2e%2e", "1%00", "0x1"})
    void anInvalidSpidIsABadRequest(String spid) throws Exception {
        String path = "/operations/" + box + "/subprocesses/" + spid;
        assertThat(api.get(path).statusCode()).isEqualTo(400);
        assertThat(api.delete(path).statusCode()).isEqualTo(400);
        assertThat(api.post(path + "/stdin", Map.of("value", "")).statusCode()).isEqualTo(400);
    }

    @Test
    void anOperationThatIsNotThereIsA404AndAnImportAConflict() throws Exception {
        String nowhere = "01234567-89ab-4cde-8f01-23456789abcd";
        String load = api.importRecord("rootfs:" + root, "box:1").get("uuid").asString();
        for (String operation : List.of(nowhere, load)) {
            int status = operation.equals(load) ? 409 : 404;
            assertThat(create(operation, Map.of("command", "true")).statusCode())
                    .isEqualTo(status);
            assertThat(kill(operation, 1, "")).isEqualTo(status);
            assertThat(write(operation, 1, new byte[1], true)).isEqualTo(status);
            assertThat(api.get(path(operation, 1)).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void anInvalidSignalIsABadRequest() throws Exception {
        String operation = sleeper();
        for (String signal : List.of("0", "65", "-9", "KILLED", "SIGSIG", "9.0", "%20", "99999999999")) {
            assertThat(kill(operation, 1, "?signal=" + signal)).as(signal).isEqualTo(400);
        }
        assertThat(kill(operation, 1, "")).isEqualTo(204);
        assertThat(api.await(operation).at("/metadata/result/state/signal").asInt())
                .isEqualTo(9);
    }

    /** A hundred mebibytes in all, on a server whose heap is 256 MiB. */
    @Test
    void inputThatIsNotReadIsRefusedOrHeldBackAndTakesNoMemory() throws Exception {
        String operation = sleeper();
        int deaf = created(operation, Map.of("command", "sleep", "args", List.of("1000"), "stdin", OPEN));
        int reading = created(operation, Map.of("command", "cat", "stdin", OPEN));
        byte[] megabyte = new byte[1 << 20];

        assertThat(together(100, () -> write(operation, deaf, megabyte, false))).allMatch(List.of(429, 504)::contains);
        Map<String, Object> much = Map.of("value", "x".repeat(4 << 20));
        assertThat(together(
                        25,
                        () -> create(operation, Map.of("command", "sleep", "args", List.of("1000"), "stdin", much))
                                .statusCode()))
                .contains(201, 429)
                .allMatch(List.of(201, 429)::contains);
        assertThat(api.post(path(operation, deaf) + "/stdin", Map.of("value", "x".repeat(33 << 20)))
                        .statusCode())
                .isEqualTo(413);

        assertThat(kill(operation, deaf, "")).isEqualTo(204);
        assertThat(server.log()).doesNotContain("OutOfMemoryError");
        assertThat(server.residentKib()).isLessThan(600 << 10);
        end(operation);
        assertThat(api.getJson(path(operation, reading)).at("/state/signal").asInt())
                .isEqualTo(15);
    }

    @Test
    void invalidOrTooLongTextsAreRefusedAndHarmNobody() throws Exception {
        String operation = sleeper();
        Map<String, List<String>> refused = new HashMap<>();
        refused.put("a NUL", List.of("\0"));
        refused.put("too long for the kernel", List.of("x".repeat(200_000)));
        refused.put("too many", java.util.Collections.nCopies(200_000, "xxx"));
        for (Map.Entry<String, List<String>> args : refused.entrySet()) {
            HttpResponse<byte[]> answer = create(operation, Map.of("command", "true", "args", args.getValue()));
            assertThat(answer.statusCode()).as(args.getKey()).isEqualTo(400);
        }
        String surrogate = "{\"command\":\"echo\",\"args\":[\"\\ud800\"]}";
        HttpResponse<byte[]> odd = api.send(
                "POST",
                "/operations/" + operation + "/subprocesses",
                surrogate.getBytes(StandardCharsets.US_ASCII),
                "application/json");
        assertThat(odd.statusCode()).as(Api.text(odd)).isIn(201, 400);
        int after = shell(operation, "echo fine");
        assertThat(result(operation, after).at("/stdout/value").asString()).isEqualTo("fine\n");
        end(operation);
    }

    @Test
    void anEventOfAStartIsShortEnoughForClientsHoweverLongItsArgumentsAre() throws Exception {
        String operation = sleeper();
        List<String> args = java.util.Collections.nCopies(9, "\u0001".repeat(100_000));
        int spid = created(operation, Map.of("command", "true", "args", args));
        result(operation, spid);
        end(operation);
        HttpResponse<byte[]> events = api.get("/operations/" + operation + "/events?spid=" + spid);
        assertThat(events.body().length).isLessThan(4 << 20);
        assertThat(Api.text(events)).contains("event: spawn");
    }
}
