package io.contree.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SubprocessTest {
    private static final UUID OPERATION = UUID.fromString("00000000-0000-0000-0000-0000000000aa");
    private static final String RUN = "/v1/operations/" + OPERATION;
    private static final String CREATE = "POST " + RUN + "/subprocesses";
    private static final String PROCESS = RUN + "/subprocesses/2";
    private static final String STDIN = "POST " + PROCESS + "/stdin";
    private static final Answer STARTED = Answer.status(201, "{\"spid\": 2}");

    private ScriptedServer server;
    private Contree contree;
    private Subprocesses subprocesses;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        contree = TestClient.of(server)
                .retries(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(10)))
                .build();
        subprocesses = contree.operations().attach(OPERATION).subprocesses();
    }

    @AfterEach
    void stop() throws IOException {
        contree.close();
        server.close();
    }

    private static Answer result(int exitCode, int signal, String stdout) {
        return Answer.json("""
                {"stdout": {"value": "%s", "encoding": "ascii", "truncated": true},
                 "stderr": {"value": "ZQ==", "encoding": "base64", "truncated": false},
                 "state": {"exit_code": %d, "signal": %d, "pid": 9}, "resources": {}}""".formatted(stdout, exitCode, signal));
    }

    @Test
    void startsWhatWasSaid() {
        server.on(CREATE, Answer.status(425, "{}", "Retry-After: 0"), STARTED);

        Subprocess process = subprocesses
                .command("cat", "-n")
                .env("A", "1")
                .env("B", "2")
                .cwd("/x")
                .user(1, 2)
                .stdin("ü")
                .openStdin()
                .outputLimit(10)
                .start();

        assertThat(process.spid()).isEqualTo(2);
        assertThat(process).isEqualTo(subprocesses.get(2)).isNotEqualTo(subprocesses.main());
        assertThat(new JsonMapper().readTree(server.requests(CREATE).getLast().body()))
                .isEqualTo(new JsonMapper().readTree("""
                        {"command": "cat", "args": ["-n"], "env": {"A": "1", "B": "2"}, "cwd": "/x", "uid": 1, "gid": 2,
                         "stdin": {"value": "w7w=", "encoding": "base64", "close": false}, "truncate_output_at": 10}"""));
    }

    @Test
    void aStartThatMayHaveArrivedIsNotRepeated() {
        server.on(CREATE, Answer.reset());
        assertThatThrownBy(() -> subprocesses.shell("x").start()).isInstanceOf(TransportException.class);

        server.on(CREATE, Answer.status(201, "{}"));
        assertThatThrownBy(() -> subprocesses.shell("x").start()).isInstanceOf(ServerException.class);

        assertThat(server.requests(CREATE)).hasSize(2);
    }

    @Test
    void waitsByItsEvents() {
        server.on("GET " + PROCESS, result(-1, -1, ""), result(3, -1, "out"))
                .on(
                        "GET " + RUN + "/events?follow=1&spid=2",
                        Answer.events(
                                "1 spawn \"spid\": 2, \"data\": {}", "5 exit \"spid\": 2, \"data\": {\"code\": 3}"));

        ProcessResult result = subprocesses.get(2).await();

        assertThat(result.isAlive()).isFalse();
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.stdout()).isEqualTo("out");
        assertThat(result.stdoutTruncated()).isTrue();
        assertThat(result.stderr()).isEqualTo("e");
        assertThat(result.pid()).isEqualTo(9);
        assertThat(result.succeeded()).isFalse();
    }

    @Test
    void aWaitThatIsOverLeavesItAtWork() {
        server.on("GET " + PROCESS, result(-1, -1, ""));

        assertThatThrownBy(() -> subprocesses.get(2).await(Duration.ZERO)).isInstanceOf(WaitTimeoutException.class);

        assertThat(server.lines()).containsOnly("GET " + PROCESS);
    }

    @Test
    void writesToItsInputInOrderAndClosesIt() throws IOException {
        server.on(STDIN, Answer.status(204, ""));

        try (OutputStream in = subprocesses.get(2).stdin()) {
            in.write('a');
            in.write(new byte[] {'b'});
            in.flush();
            in.flush();
            in.write(new byte[100_000]);
        }

        List<ScriptedServer.Request> sent = server.requests(STDIN);
        assertThat(sent).hasSize(3);
        assertThat(sent.get(0).body()).contains("\"YWI=\"", "\"close\":false");
        assertThat(sent.get(1).body()).hasSizeGreaterThan(87_000).contains("\"close\":false");
        assertThat(sent.get(2).body()).hasSizeGreaterThan(45_000).contains("\"close\":true");
    }

    @Test
    void neverSendsInputTwice() {
        server.on(STDIN, Answer.status(504, "{\"error\": \"it does not read\"}"));
        OutputStream in = subprocesses.get(2).stdin();

        assertThatThrownBy(() -> {
                    in.write(1);
                    in.flush();
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it does not read");
        assertThat(server.requests(STDIN)).hasSize(1);
    }

    @Test
    void waitsForAProcessThatDoesNotReadYet() throws IOException {
        server.on(
                STDIN,
                Answer.status(504, "{\"error\": \"nothing was sent\"}", "Retry-After: 1"),
                Answer.status(204, ""));
        OutputStream in = subprocesses.get(2).stdin();
        in.write(1);
        in.flush();

        assertThat(server.requests(STDIN))
                .hasSize(2)
                .extracting(ScriptedServer.Request::body)
                .allMatch(server.requests(STDIN).getFirst().body()::equals);
        assertThatThrownBy(() -> subprocesses.get(2).write(new byte[600_000]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sendsSignalsOnceAndKillsWhatMayHaveEnded() {
        server.on("DELETE " + PROCESS, Answer.status(500, ""), Answer.status(404, "{}"));

        assertThatThrownBy(() -> subprocesses.get(2).signal("INT")).isInstanceOf(ServerException.class);
        subprocesses.get(2).kill();

        assertThat(server.requests())
                .extracting(ScriptedServer.Request::target)
                .containsExactly(PROCESS + "?signal=INT", PROCESS + "?signal=KILL");
    }

    @Test
    void readsItsOutputUntilItEnds() throws IOException {
        server.on(
                "GET " + RUN + "/events?follow=1&spid=2",
                Answer.events(
                        "1 stdout \"spid\": 2, \"data\": {\"value\": \"a\", \"encoding\": \"ascii\"}",
                        "2 exit \"spid\": 2, \"data\": {\"code\": 0}"));

        try (InputStream out = subprocesses.get(2).stdout()) {
            assertThat(out.readAllBytes()).containsExactly('a');
        }
    }

    @Test
    void outputThatWasDroppedIsNotTakenForTheEnd() throws IOException {
        server.on(
                "GET " + RUN + "/events?follow=1&spid=2",
                Answer.events(
                        "1 stdout \"spid\": 2, \"data\": {\"value\": \"a\", \"encoding\": \"ascii\"}",
                        "2 truncated \"spid\": 2, \"data\": {\"stream\": \"stdout\", \"bytes_dropped\": 7}",
                        "3 exit \"spid\": 2, \"data\": {\"code\": 0}"));

        try (InputStream out = subprocesses.get(2).stdout()) {
            assertThat(out.read()).isEqualTo('a');
            assertThatThrownBy(out::read).isInstanceOf(IOException.class).hasMessageContaining("7 bytes of stdout");
        }
    }
}
