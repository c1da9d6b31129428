package io.contree.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.LimitReached;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunTest {
    private static final UUID OPERATION = UUID.fromString("00000000-0000-0000-0000-0000000000aa");
    private static final UUID IMAGE = UUID.fromString("11111111-1111-8111-8111-111111111111");
    private static final UUID NEXT = UUID.fromString("22222222-2222-8222-8222-222222222222");
    private static final String STATUS = "GET /v1/operations/" + OPERATION;
    private static final String EVENTS = STATUS + "/events";
    private static final String SPAWN = "POST /v1/instances";
    private static final String STDIN = "POST /v1/operations/" + OPERATION + "/subprocesses/1/stdin";
    private static final Answer ACCEPTED = Answer.status(201, "{\"uuid\": \"" + OPERATION + "\"}");

    private ScriptedServer server;
    private Contree contree;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        contree = TestClient.of(server).requestTimeout(Duration.ofSeconds(5)).build();
    }

    @AfterEach
    void stop() throws IOException {
        contree.close();
        server.close();
    }

    @Test
    void saysAtOnceWhatMustNotBeNull() {
        Image image = contree.images().use("i");
        Run run = image.shell("x");
        Map<String, ThrowingCallable> calls = Map.of(
                "expression", () -> image.shell(null),
                "program", () -> image.command((String) null),
                "value", () -> run.env("A", null),
                "tag", () -> run.tag(null),
                "atMost", () -> run.execute(null),
                "path", () -> contree.images().use(IMAGE).ls(null),
                "reference", () -> contree.images().use((String) null),
                "operation", () -> contree.operations().get(null));

        calls.forEach((name, call) -> assertThatThrownBy(call)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name));
        assertThat(server.lines()).isEmpty();
    }

    @Test
    void waitsOfAnyLengthAreWaits() {
        server.on(SPAWN, ACCEPTED).on(STATUS, ended(0, "", ""));

        RunResult result = contree.images().use("i").shell("true").execute(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(result).hasToString("RunResult[SUCCEEDED, exit code 0, operation " + OPERATION + "]");
    }

    @Test
    void sendsNothingThatWasNotSaid() {
        server.on(SPAWN, ACCEPTED).on(STATUS, ended(0, "hi\n", ""));

        RunResult result =
                contree.images().use("ubuntu:latest").shell("echo hi").execute();

        assertThat(sent()).isEqualTo(json("""
                {"command": "echo hi", "shell": true, "image": "tag:ubuntu:latest"}"""));
        assertThat(result.stdout()).isEqualTo("hi\n");
        assertThat(result.exitCode()).isZero();
        assertThat(result.succeeded()).isTrue();
        assertThat(result.image().uuid()).isEqualTo(NEXT);
        assertThat(result.duration()).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void sendsWhatWasSaid() {
        server.on(SPAWN, ACCEPTED).on(STATUS, ended(0, "", ""));

        contree.images()
                .use(IMAGE)
                .command("cat", "-n")
                .env("A", "1")
                .env("B", "2")
                .preserveEnv()
                .preserveCwd()
                .cwd("/x")
                .user(1, 2)
                .hostname("h")
                .stdin("ü")
                .timeout(Duration.ofMillis(1500))
                .disposable()
                .outputLimit(10)
                .maxLayerBytes(20)
                .networking(false)
                .runtime("crun")
                .cache()
                .execute();

        assertThat(sent()).isEqualTo(json("""
                {"command": "cat", "args": ["-n"], "shell": false, "env": {"A": "1", "B": "2"}, "preserve_env": true,
                 "preserve_cwd": true, "cwd": "/x", "uid": 1, "gid": 2, "hostname": "h",
                 "stdin": {"value": "w7w=", "encoding": "base64"}, "timeout": 2, "disposable": true,
                 "truncate_output_at": 10, "resources_limits": {"max_layer_bytes": 20},
                 "networking": {"enabled": false}, "runtime": "crun", "cache": true, "image": "%s"}""".formatted(IMAGE)));
    }

    @Test
    void isAValueThatIsExecutedManyTimes() {
        server.on(SPAWN, ACCEPTED).on(STATUS, ended(0, "", ""));
        Run run = contree.images().use(IMAGE).shell("date");
        Run other = run.env("A", "1");

        run.execute();
        run.execute();
        other.execute();

        List<ScriptedServer.Request> spawns = server.requests(SPAWN);
        assertThat(spawns).hasSize(3);
        assertThat(spawns.get(0).body()).isEqualTo(spawns.get(1).body()).doesNotContain("env");
        assertThat(spawns.get(2).body()).contains("env");
    }

    @Test
    void uploadsAFileOnceByDigest(@TempDir Path directory) throws IOException {
        Path script = Files.writeString(directory.resolve("app.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        String sha = "a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf";
        String record = """
                {"uuid": "%s", "sha256": "%s", "size": 10, "created_at": "2026-01-02T03:04:05Z"}""".formatted(NEXT, sha);
        server.on("GET /v1/files/" + sha, Answer.status(404, error(404, "no such file")), Answer.json(record))
                .on("POST /v1/files", Answer.status(201, record))
                .on(SPAWN, ACCEPTED)
                .on(STATUS, ended(0, "", ""));
        Run run = contree.images()
                .use(IMAGE)
                .command("/app.sh")
                .file("/app.sh", script)
                .file("b", FileContent.of("#!/bin/sh\n").mode(0600).owner(3, 4));

        run.execute();

        assertThat(server.requests("POST /v1/files"))
                .singleElement()
                .satisfies(upload -> assertThat(upload.body()).isEqualTo("#!/bin/sh\n"));
        assertThat(sent().path("files")).isEqualTo(json("""
                {"/app.sh": {"uuid": "%s", "mode": "0750", "uid": 0, "gid": 0},
                 "b": {"uuid": "%s", "mode": "0600", "uid": 3, "gid": 4}}""".formatted(NEXT, NEXT)));
    }

    @Test
    void aFailingKilledOrTimedOutCommandIsAResult() {
        server.on(SPAWN, ACCEPTED).on(STATUS, ended(3, "", "no\n"), killed(9, true));
        Run run = contree.images().use(IMAGE).command("false");

        RunResult failed = run.execute();
        RunResult killed = run.execute();

        assertThat(failed.exitCode()).isEqualTo(3);
        assertThat(failed.stderr()).isEqualTo("no\n");
        assertThat(failed.succeeded()).isFalse();
        assertThat(failed.imageUuid()).contains(NEXT);
        assertThat(killed.signal()).hasValue(9);
        assertThat(killed.timedOut()).isTrue();
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(killed.outcome()).isEqualTo(Outcome.TIMED_OUT);
    }

    @Test
    void aDisposableRunHasNoImageAndSaysSo() {
        server.on(SPAWN, ACCEPTED).on(STATUS, operation("SUCCESS", "null", "null", process(0, -1, false, "", "")));

        RunResult result =
                contree.images().use(IMAGE).command("true").disposable().execute();

        assertThat(result.imageUuid()).isEmpty();
        assertThatThrownBy(result::image)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("disposable");
    }

    @Test
    void failedAndCancelledOperationsAreThrown() {
        server.on(SPAWN, ACCEPTED)
                .on(
                        STATUS,
                        operation("FAILED", "\"spawn failed: no such program: frob\"", "null", "null"),
                        operation("CANCELLED", "null", "null", "null"));
        Run run = contree.images().use(IMAGE).command("frob");

        assertThatThrownBy(run::execute)
                .isInstanceOf(OperationFailedException.class)
                .hasMessage("spawn failed: no such program: frob");
        assertThatThrownBy(run::execute).isInstanceOf(OperationCancelledException.class);
    }

    @Test
    void waitsByTheEventStreamAndTakesItUpAgainWhereItBroke() {
        server.on(SPAWN, ACCEPTED)
                .on(STATUS, operation("EXECUTING", "null", "null", "null"), ended(0, "ab", "e"))
                .on(
                        EVENTS,
                        Answer.events(
                                "0 init \"spid\": 0, \"data\": {}",
                                "1 stdout \"spid\": 1, \"data\": {\"value\": \"a\", \"encoding\": \"ascii\"}"),
                        Answer.reset(),
                        Answer.events(
                                "2 stderr \"spid\": 1, \"data\": {\"value\": \"ZQ==\", \"encoding\": \"base64\"}",
                                "3 stdout \"spid\": 2, \"data\": {\"value\": \"not main\", \"encoding\": \"ascii\"}",
                                "4 stdout \"spid\": 1, \"data\": {\"value\": \"b\", \"encoding\": \"ascii\"}",
                                "5 truncated \"spid\": 1, \"data\": {\"stream\": \"stdout\", \"bytes_dropped\": 7}",
                                "6 completion \"data\": {\"status\": \"SUCCESS\"}"));
        Heard heard = new Heard();

        RunResult result = contree.images().use(IMAGE).command("x").start().follow(heard);

        assertThat(heard.said).containsExactly("out a", "err e", "out b", "dropped stdout 7");
        assertThat(result.stdout()).isEqualTo("ab");
        assertThat(server.requests(EVENTS).getLast().headers()).containsEntry("last-event-id", "1");
    }

    @Test
    void readsOutputAsStreamsOfOneProcess() throws IOException {
        server.on(SPAWN, ACCEPTED)
                .on(
                        EVENTS + "?follow=1&spid=1",
                        Answer.events(
                                "1 stdout \"spid\": 1, \"data\": {\"value\": \"a\", \"encoding\": \"ascii\"}",
                                "2 stderr \"spid\": 1, \"data\": {\"value\": \"e\", \"encoding\": \"ascii\"}",
                                "4 stdout \"spid\": 1, \"data\": {\"value\": \"YgA=\", \"encoding\": \"base64\"}",
                                "5 exit \"spid\": 1, \"data\": {\"code\": 0}"));
        Execution execution = contree.images().use(IMAGE).command("x").start();

        try (InputStream out = execution.stdout();
                InputStream err = execution.stderr()) {
            assertThat(out.readAllBytes()).containsExactly('a', 'b', 0);
            assertThat(err.read()).isEqualTo('e');
            assertThat(err.read()).isEqualTo(-1);
        }
    }

    @Test
    void putsATagOnWhatItLeaves() {
        server.on(SPAWN, ACCEPTED)
                .on(STATUS, ended(0, "", ""))
                .on("PATCH /v1/images/" + NEXT + "/tag", Answer.json("""
                        {"uuid": "%s", "tag": "v:1", "created_at": "2026-01-02T03:04:05Z", "content_digest": "x"}""".formatted(NEXT)));
        Run run = contree.images().use(IMAGE).command("x").tag("v:1");

        assertThat(run.execute().image().tag()).contains("v:1");

        assertThatThrownBy(() -> run.disposable().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("v:1");
        assertThat(server.requests(SPAWN)).hasSize(1);
    }

    @Test
    void takesStandardInputFromAFileOrAStream(@TempDir Path directory) throws IOException {
        server.on(SPAWN, ACCEPTED).on(STATUS, ended(0, "", ""));
        Run run = contree.images().use(IMAGE).command("cat");

        run.stdin(Files.writeString(directory.resolve("in"), "a")).execute();
        assertThat(sent().at("/stdin/value").asString()).isEqualTo("YQ==");
        run.stdin(new ByteArrayInputStream(new byte[] {'b'})).execute();
        assertThat(sent().at("/stdin/value").asString()).isEqualTo("Yg==");
        assertThatThrownBy(() -> run.stdin(directory.resolve("none"))).isInstanceOf(LocalFileException.class);
    }

    @Test
    void whatIsTooLongForTheRequestIsSentBehindItInPieces(@TempDir Path directory) throws IOException {
        int length = LongStdin.MOST + 1;
        server.on(SPAWN, ACCEPTED).on(STATUS, ended(0, "", ""));
        server.on(STDIN, Answer.status(204, ""));
        Run run = contree.images().use(IMAGE).command("cat");

        run.stdin(Files.write(directory.resolve("in"), new byte[length])).start();
        awaitClosed();

        assertThat(sent().at("/stdin/close").asBoolean()).isFalse();
        long total = server.requests(STDIN).stream()
                .mapToLong(request -> Base64.getDecoder()
                        .decode(new JsonMapper()
                                .readTree(request.body())
                                .path("value")
                                .asString())
                        .length)
                .sum();
        assertThat(total).isEqualTo(length);
    }

    /** The last piece is sent in the background. */
    private void awaitClosed() {
        while (server.requests(STDIN).stream()
                .noneMatch(request ->
                        new JsonMapper().readTree(request.body()).path("close").asBoolean())) {
            Thread.onSpinWait();
        }
    }

    @Test
    void longInputCannotStayOpen() {
        Run run = contree.images().use(IMAGE).command("cat").stdin(new byte[LongStdin.MOST + 1]);

        assertThatThrownBy(run::openStdin)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stay open");
        assertThat(run.stdin("short").openStdin()).isNotNull();
    }

    @Test
    void saysWhichLimitsARunMet() {
        server.on(SPAWN, ACCEPTED)
                .on(
                        STATUS,
                        operation(
                                "SUCCESS", "null", "null", process(0, -1, false, "", "") + "}, \"outcome\": {" + """
                        "reason": "exited", "limits": [
                          {"limit": "memory", "allowed": 100, "peak": 99, "unit": "bytes", "count": 2},
                          {"limit": "beauty", "allowed": 1, "peak": 2, "unit": "helens"}]"""));

        RunResult result = contree.images().use(IMAGE).command("x").execute();

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(result.limit(LimitReached.Limit.MEMORY)).contains(LimitReached.memory(100, 99, 2));
        assertThat(result.limit(LimitReached.Limit.OTHER))
                .get()
                .extracting(LimitReached::unit)
                .isEqualTo("helens");
        assertThat(result.limit(LimitReached.Limit.TIME)).isEmpty();
    }

    @Test
    void goesOnFromItsResultAndFromAnOperationOfBefore() {
        server.on(SPAWN, ACCEPTED).on(STATUS, ended(0, "hi", ""));

        RunResult before = contree.operations().attach(OPERATION).await();
        before.shell("true").execute();

        assertThat(sent().path("image").asString()).isEqualTo(NEXT.toString());
        assertThat(before.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(before.elapsed()).isEqualTo(Duration.ofMillis(100));
        assertThat(before.cost()).isZero();
    }

    @Test
    void readsBinaryOutput() {
        server.on(SPAWN, ACCEPTED).on(STATUS, operation("SUCCESS", "null", "\"" + NEXT + "\"", """
                        {"stdout": {"value": "/wA=", "encoding": "base64", "truncated": true},
                         "stderr": {"value": "", "encoding": "ascii", "truncated": false},
                         "state": {"exit_code": 0, "signal": -1}, "resources": {"user_cpu_time": 0.5}}"""));

        RunResult result = contree.images().use(IMAGE).command("x").execute();

        assertThat(result.stdoutBytes()).containsExactly(0xff, 0);
        assertThat(result.truncated()).isTrue();
        assertThat(result.stdoutTruncated()).isTrue();
        assertThat(result.stderrTruncated()).isFalse();
        assertThat(result.usage().userCpuTime()).isEqualTo(0.5);
    }

    @Test
    void aWaitThatIsOverCancelsTheRun() {
        server.on(SPAWN, ACCEPTED)
                .on(STATUS, operation("EXECUTING", "null", "null", "null"))
                .on(EVENTS, Answer.events())
                .on("DELETE /v1/operations/" + OPERATION, Answer.status(202, "{}"));
        Execution execution = contree.images().use(IMAGE).command("sleep", "9").start();

        assertThatThrownBy(() -> execution.await(Duration.ZERO)).isInstanceOf(WaitTimeoutException.class);

        assertThat(server.lines()).endsWith("DELETE /v1/operations/" + OPERATION);
    }

    @Test
    void anInterruptCancelsTheRunAndStaysSet() {
        server.on(SPAWN, ACCEPTED)
                .on(STATUS, Answer.hang())
                .on("DELETE /v1/operations/" + OPERATION, Answer.status(409, error(409, "it has ended")));
        Execution execution = contree.images().use(IMAGE).command("sleep", "9").start();
        Thread.currentThread().interrupt();

        assertThatThrownBy(execution::await).isInstanceOf(CallInterruptedException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(server.lines()).endsWith("DELETE /v1/operations/" + OPERATION);
    }

    @Test
    void refusesNonsenseBeforeSendingIt() {
        Image image = contree.images().use(IMAGE);

        assertThatThrownBy(() -> image.command("x").timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> image.command(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileContent.of("x").mode(0100644)).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.requests()).isEmpty();
    }

    private JsonNode sent() {
        return json(server.requests(SPAWN).getLast().body());
    }

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text);
    }

    private static String error(int status, String message) {
        return "{\"error\": \"" + message + "\", \"status\": " + status + "}";
    }

    private static Answer ended(int code, String stdout, String stderr) {
        return operation("SUCCESS", "null", "\"" + NEXT + "\"", process(code, -1, false, stdout, stderr));
    }

    private static Answer killed(int signal, boolean timedOut) {
        return operation("SUCCESS", "null", "\"" + NEXT + "\"", process(-1, signal, timedOut, "", ""));
    }

    private static String process(int code, int signal, boolean timedOut, String stdout, String stderr) {
        return """
                {"stdout": {"value": "%s", "encoding": "ascii", "truncated": false},
                 "stderr": {"value": "%s", "encoding": "ascii", "truncated": false},
                 "state": {"exit_code": %d, "signal": %d, "pid": 7, "timed_out": %s, "core_dump": false,
                           "stopped": false, "continued": false},
                 "resources": {"elapsed_time": 0.1, "max_rss": 1000, "cost": 0.0}}""".formatted(stdout.replace("\n", "\\n"), stderr.replace("\n", "\\n"), code, signal, timedOut);
    }

    private static Answer operation(String status, String error, String image, String process) {
        return Answer.json("""
                {"uuid": "%s", "kind": "instance", "status": "%s", "error": %s,
                 "created_at": "2026-01-02T03:04:05+00:00", "duration": 0.4, "image_uuid": "%s",
                 "result_image_uuid": %s, "result": {"image": %s, "tag": null}, "unknown": 1,
                 "metadata": {"command": "x", "result": %s}}""".formatted(OPERATION, status, error, IMAGE, image, image, process));
    }

    private static final class Heard implements OutputListener {
        final List<String> said = new ArrayList<>();

        @Override
        public void stdout(byte[] bytes) {
            said.add("out " + new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void stderr(byte[] bytes) {
            said.add("err " + new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void truncated(String stream, long bytesDropped) {
            said.add("dropped " + stream + " " + bytesDropped);
        }
    }
}
