package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Further processes in a running instance. */
class SubprocessIT extends SubprocessSuite {
    @Override
    String[] options() {
        return new String[] {"--max-running", "3"};
    }

    @RepeatedTest(5)
    void aCreateSucceedsAtOnceWhenTheRunIsSeenToRunAndSoDoesStdin() throws Exception {
        String operation = sleeper();
        String status;
        do {
            status = api.getJson("/operations/" + operation + "?inflight=1")
                    .get("status")
                    .asString();
        } while (status.equals("PENDING"));
        assertThat(Set.of("ASSIGNED", "EXECUTING")).contains(status);
        int spid = created(operation, Map.of("command", "cat", "stdin", OPEN));
        assertThat(write(operation, spid, "at once".getBytes(StandardCharsets.UTF_8), true))
                .isEqualTo(204);
        assertThat(spid).isEqualTo(2);
        assertThat(result(operation, spid).at("/stdout/value").asString()).isEqualTo("at once");
        end(operation);
    }

    @Test
    void aCreateStraightAfterTheSpawnIsHeldUntilItCanBeDone() throws Exception {
        String operation = sleeper();
        assertThat(shell(operation, "true")).isEqualTo(2);
        assertThat(shell(operation, "true")).isEqualTo(3);
        end(operation);
    }

    @Test
    void whoWaitsInTheQueueIsTooEarly() throws Exception {
        List<String> running = List.of(sleeper(), sleeper(), sleeper());
        String queued = sleeper();
        HttpResponse<byte[]> early = create(queued, Map.of("command", "true"));
        assertThat(early.statusCode()).isEqualTo(425);
        assertThat(early.headers().firstValue("Retry-After")).isPresent();
        assertThat(kill(queued, 1, "")).isEqualTo(425);
        assertThat(write(queued, 1, new byte[1], true)).isEqualTo(425);
        for (String each : running) {
            end(each);
        }
        assertThat(shell(queued, "true")).isEqualTo(2);
        end(queued);
    }

    @Test
    void nothingIsKnownWhileItRunsAndASignalWhenItWasKilled() throws Exception {
        String operation = sleeper();
        int spid = shell(operation, "echo before; sleep 1000");
        JsonNode running = api.getJson(path(operation, spid));
        assertThat(running.at("/state/exit_code").asInt()).isEqualTo(-1);
        assertThat(running.at("/state/signal").asInt()).isEqualTo(-1);
        awaitOutput(operation, spid);
        assertThat(kill(operation, spid, "")).isEqualTo(204);
        JsonNode killed = result(operation, spid);
        assertThat(killed.at("/state/signal").asInt()).isEqualTo(9);
        assertThat(killed.at("/state/exit_code").asInt()).isEqualTo(-1);
        assertThat(killed.at("/stdout/value").asString()).isEqualTo("before\n");
        assertThat(kill(operation, spid, "")).as("it is dead").isEqualTo(404);
        end(operation);
    }

    @Test
    void aSignalGoesToTheWholeGroupByNameOrNumber() throws Exception {
        String operation = sleeper();
        int trapping = shell(operation, "trap 'echo caught; exit 7' USR1; echo ready; while :; do sleep 0.1; done");
        awaitOutput(operation, trapping);
        assertThat(kill(operation, trapping, "?signal=SIGUSR1")).isEqualTo(204);
        JsonNode caught = result(operation, trapping);
        assertThat(caught.at("/state/exit_code").asInt()).isEqualTo(7);
        assertThat(caught.at("/stdout/value").asString()).endsWith("caught\n");
        int group = shell(operation, "sleep 999 & echo ready; wait");
        awaitOutput(operation, group);
        assertThat(kill(operation, group, "?signal=15")).isEqualTo(204);
        assertThat(result(operation, group).at("/state/signal").asInt()).isEqualTo(15);
        int look = shell(operation, "ps | grep '[s]leep 999'");
        assertThat(result(operation, look).at("/state/exit_code").asInt()).isEqualTo(1);
        assertThat(kill(operation, group, "?signal=NONSENSE")).isEqualTo(400);
        end(operation);
    }

    @Test
    void stdinComesInChunksOfAnyBytesAndEnds() throws Exception {
        String operation = sleeper();
        int spid = created(operation, Map.of("command", "sha256sum", "stdin", OPEN, "truncate_output_at", 1000));
        byte[] bytes = new byte[5 << 20];
        new Random(7).nextBytes(bytes);
        for (int at = 0; at < bytes.length; at += 1 << 20) {
            assertThat(write(operation, spid, Arrays.copyOfRange(bytes, at, at + (1 << 20)), false))
                    .isEqualTo(204);
        }
        assertThat(write(operation, spid, new byte[0], true)).isEqualTo(204);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(result(operation, spid).at("/stdout/value").asString()).startsWith(digest);
        assertThat(write(operation, spid, new byte[1], true)).as("it is dead").isEqualTo(404);
        end(operation);
    }

    @Test
    void closedStdinIsAConflictAndAFullPipeATimeout() throws Exception {
        String operation = sleeper();
        int closed = shell(operation, "sleep 1000");
        assertThat(write(operation, closed, new byte[1], true)).isEqualTo(409);
        assertThat(write(operation, 1, new byte[1], true)).isEqualTo(409);
        int deaf = created(operation, Map.of("command", "sleep", "args", List.of("1000"), "stdin", OPEN));
        long before = System.nanoTime();
        assertThat(write(operation, deaf, new byte[1 << 20], false)).isEqualTo(504);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(write(operation, deaf, new byte[0], true)).isEqualTo(204);
        assertThat(write(operation, deaf, new byte[0], true)).isEqualTo(409);
        end(operation);
    }

    @Test
    void theMainProcessTakesStdinAndItsEndByASignalKeepsTheState() throws Exception {
        String operation = api.spawn(Map.of(
                "image", box, "command", "cat > /fed; sleep 1000", "shell", true, "stdin", OPEN, "timeout", 300));
        assertThat(write(operation, 1, "one ".getBytes(StandardCharsets.UTF_8), false))
                .isEqualTo(204);
        assertThat(write(operation, 1, "two".getBytes(StandardCharsets.UTF_8), true))
                .isEqualTo(204);
        int waiter = shell(operation, "while [ \"$(cat /fed)\" != 'one two' ]; do sleep 0.05; done; echo more > /more");
        assertThat(result(operation, waiter).at("/state/exit_code").asInt()).isZero();
        JsonNode record = end(operation);
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at("/metadata/result/state/signal").asInt()).isEqualTo(15);
        String image = record.at("/result/image").asString();
        assertThat(api.read(image, "/fed")).asString(StandardCharsets.UTF_8).isEqualTo("one two");
        assertThat(api.read(image, "/more")).asString(StandardCharsets.UTF_8).isEqualTo("more\n");
    }

    @Test
    void afterTheEndResultsStayAndNothingElseIsDone() throws Exception {
        String operation = sleeper();
        int done = shell(operation, "echo out; echo err >&2; exit 3");
        JsonNode result = result(operation, done);
        int endedByTheEnd = shell(operation, "sleep 1000");
        JsonNode record = end(operation);
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(api.getJson(path(operation, done))).isEqualTo(result);
        assertThat(result.at("/stderr/value").asString()).isEqualTo("err\n");
        assertThat(result.at("/state/exit_code").asInt()).isEqualTo(3);
        assertThat(api.getJson(path(operation, endedByTheEnd))
                        .at("/state/signal")
                        .asInt())
                .isEqualTo(15);
        assertThat(create(operation, Map.of("command", "true")).statusCode()).isEqualTo(409);
        assertThat(kill(operation, 1, "")).isEqualTo(409);
        assertThat(write(operation, 1, new byte[1], true)).isEqualTo(410);
        assertThat(api.get(path(operation, 99)).statusCode()).isEqualTo(404);
        assertThat(api.get(path("00000000-0000-4000-8000-000000000000", 2)).statusCode())
                .isEqualTo(404);
    }

    @Test
    void environmentDirectoryAndOwnerAreAsForARun() throws Exception {
        String image = api.await(api.spawn(Map.of(
                        "image",
                        box,
                        "command",
                        "true",
                        "shell",
                        true,
                        "env",
                        Map.of("KEPT", "k"),
                        "preserve_env",
                        true)))
                .at("/result/image")
                .asString();
        String operation = api.spawn(Map.of("image", image, "command", "sleep 1000", "shell", true));
        int inShell = created(
                operation,
                Map.of(
                        "command",
                        "echo $KEPT $MORE; pwd; id -u; id -g",
                        "shell",
                        true,
                        "env",
                        Map.of("MORE", "m"),
                        "cwd",
                        "/made/for/it",
                        "uid",
                        5,
                        "gid",
                        6));
        int without = created(operation, Map.of("command", "env"));
        assertThat(result(operation, inShell).at("/stdout/value").asString()).isEqualTo("k m\n/made/for/it\n5\n6\n");
        assertThat(result(operation, without).at("/stdout/value").asString()).doesNotContain("KEPT");
        HttpResponse<byte[]> missing = create(operation, Map.of("command", "no-such-program"));
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(Api.text(missing)).contains("spawn failed: no-such-program");
        end(operation);
    }

    @Test
    void eventsCarryTheSpidAndCompletionIsForEverybody() throws Exception {
        String operation = sleeper();
        int spid = shell(operation, "echo hello");
        result(operation, spid);
        end(operation);
        List<SseFrame> own;
        try (var in =
                api.stream("/operations/" + operation + "/events?spid=" + spid).body()) {
            own = SseFrame.all(in);
        }
        assertThat(own).extracting(SseFrame::event).containsExactly("spawn", "stdout", "exit", "completion");
        assertThat(own.subList(0, 3)).extracting(SseFrame::spid).containsOnly(spid);
        assertThat(own.getFirst().json().at("/data/command").asString()).isEqualTo("echo hello");
    }
}
