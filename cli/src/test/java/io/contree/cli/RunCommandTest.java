package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunCommandTest {
    private ScriptedServer server;
    private final Cli cli = new Cli();

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void givesOutputAndExitCodeOfTheCommand() {
        Replies.run(server, 7, -1, false, "grüße\n");

        int code = cli.runAt(server.uri(), "run", "ubuntu:latest", "--", "make", "-j2", "@x");

        assertThat(code).isEqualTo(7);
        assertThat(cli.out()).isEqualTo("grüße\n");
        assertThat(cli.err()).isEqualTo("warning");
        assertThat(sent().path("image").asString()).isEqualTo("tag:ubuntu:latest");
        assertThat(sent().path("command").asString()).isEqualTo("make");
        assertThat(sent().path("args").toString()).isEqualTo("[\"-j2\",\"@x\"]");
        assertThat(sent().has("disposable")).isFalse();
        assertThat(sent().has("stdin")).isFalse();
    }

    @Test
    void passesItsOptionsOn(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "x");
        Replies.run(server, 0, -1, false, "");
        server.on(
                "GET /v1/files/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
                Answer.json("""
                {"uuid": "%s", "sha256": "2d71", "size": 1, "created_at": "2026-01-02T03:04:05Z"}""".formatted(Replies.NEXT)));

        int code = cli.stdin("in")
                .runAt(
                        server.uri(),
                        "run",
                        "i",
                        "-s",
                        "-e",
                        "A=b=c",
                        "-e",
                        "PATH",
                        "-C",
                        "/w",
                        "-D",
                        "-t",
                        "2m",
                        "-u",
                        "www-data:5",
                        "--hostname",
                        "h",
                        "--preserve-env",
                        "--max-layer-bytes",
                        "9",
                        "--no-network",
                        "--runtime",
                        "runsc",
                        "--cache",
                        "--file",
                        file + ":/d/f:m755:u1:g2",
                        "--",
                        "echo",
                        "$A");

        assertThat(code).isZero();
        JsonNode sent = sent();
        assertThat(sent.path("command").asString()).isEqualTo("echo $A");
        assertThat(sent.path("shell").asBoolean()).isTrue();
        assertThat(sent.path("env").path("A").asString()).isEqualTo("b=c");
        assertThat(sent.path("env").path("PATH").asString()).isEqualTo(System.getenv("PATH"));
        assertThat(sent.path("cwd").asString()).isEqualTo("/w");
        assertThat(sent.path("disposable").asBoolean()).isTrue();
        assertThat(sent.path("timeout").asInt()).isEqualTo(120);
        assertThat(sent.path("user").asString()).isEqualTo("www-data:5");
        assertThat(sent.path("preserve_env").asBoolean()).isTrue();
        assertThat(sent.path("resources_limits").path("max_layer_bytes").asInt())
                .isEqualTo(9);
        assertThat(sent.path("networking").path("enabled").asBoolean()).isFalse();
        assertThat(sent.path("runtime").asString()).isEqualTo("runsc");
        assertThat(sent.path("cache").asBoolean()).isTrue();
        assertThat(sent.path("stdin").path("value").asString()).isEqualTo("aW4=");
        JsonNode placed = new JsonMapper().readTree("""
                {"/d/f": {"uuid": "%s", "mode": "0755", "uid": 1, "gid": 2}}""".formatted(Replies.NEXT));
        assertThat(sent.path("files")).isEqualTo(placed);
    }

    @ParameterizedTest
    @CsvSource({"0, -1, false, 0", "1, -1, false, 1", "-1, 9, false, 137", "-1, 9, true, 124"})
    void turnsTheEndIntoAnExitCode(int code, int signal, boolean timedOut, int expected) {
        Replies.run(server, code, signal, timedOut, "");

        assertThat(cli.runAt(server.uri(), "run", "i", "--", "x")).isEqualTo(expected);
    }

    @Test
    void printsTheRecordAndNothingElseAsJson() {
        Replies.run(server, 3, -1, false, "hi\n");

        assertThat(cli.runAt(server.uri(), "run", "--json", "i", "--", "x")).isEqualTo(3);

        JsonNode record = new JsonMapper().readTree(cli.out());
        assertThat(record.path("result_image_uuid").asString()).isEqualTo(Replies.NEXT.toString());
        assertThat(record.path("metadata")
                        .path("result")
                        .path("state")
                        .path("exit_code")
                        .asInt())
                .isEqualTo(3);
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void tellsAPersonTheNextImage() {
        Replies.run(server, 0, -1, false, "");

        cli.interactive().runAt(server.uri(), "run", "i", "--", "x");

        assertThat(cli.err()).endsWith("image " + Replies.NEXT + System.lineSeparator());
    }

    @Test
    void tagsTheResult() {
        Replies.run(server, 0, -1, false, "");
        server.on("PATCH /v1/images/" + Replies.NEXT + "/tag", Answer.json(Replies.image(Replies.NEXT, "built:1")));

        assertThat(cli.runAt(server.uri(), "run", "--tag", "built:1", "i", "--", "x"))
                .isZero();

        assertThat(server.lines()).contains("PATCH /v1/images/" + Replies.NEXT + "/tag");
    }

    @Test
    void aProgramThatCannotBeStartedIs127() {
        Replies.run(server, 0, -1, false, "")
                .on(
                        Replies.STATUS,
                        Replies.operation(
                                "instance", "FAILED", "\"spawn failed: frob: not found in PATH\"", "null", "null"));

        assertThat(cli.runAt(server.uri(), "run", "i", "--", "frob")).isEqualTo(127);
        assertThat(cli.err()).contains("contree: spawn failed: frob: not found in PATH");
    }

    @Test
    void everythingElseThatFailsIs125() {
        server.on(Replies.SPAWN, Answer.status(404, "{\"error\": \"no image is tagged i\", \"status\": 404}"));

        assertThat(cli.runAt(server.uri(), "run", "i", "--", "x")).isEqualTo(125);
        assertThat(cli.err()).contains("no image is tagged i").doesNotContain("\tat ");
        assertThat(cli.runAt(server.uri(), "run", "-e", "=x", "i", "--", "x")).isEqualTo(125);
        assertThat(cli.runAt("http://127.0.0.1:1", "run", "i", "--", "x")).isEqualTo(125);
    }

    @Test
    void asksForTheCommand() {
        assertThat(cli.run("run", "i")).isEqualTo(125);
        assertThat(cli.err()).contains("COMMAND", "--help");
    }

    @Test
    void aWrongOptionCannotBeTakenForTheCommandsExitCode() {
        assertThat(cli.run("run", "i", "-t", "soon", "--", "x")).isEqualTo(125);
        assertThat(cli.err()).contains("90s");
        assertThat(cli.run("run", "--frob", "i", "--", "x")).isEqualTo(125);
        assertThat(cli.run("run", "--url", "nonsense", "i", "--", "x")).isEqualTo(125);
    }

    @Test
    void readsAPipeToItsEnd() throws IOException {
        Replies.run(server, 0, -1, false, "");
        PipedOutputStream writer = new PipedOutputStream();
        PipedInputStream pipe = new PipedInputStream(writer);
        writer.write("piped".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        writer.close();

        cli.pipe(pipe).runAt(server.uri(), "run", "i", "--", "cat");

        assertThat(sent().path("stdin").path("value").asString()).isEqualTo("cGlwZWQ=");
    }

    @Test
    void doesNotWaitForeverForASilentPipe() throws IOException {
        Replies.run(server, 0, -1, false, "");
        try (PipedOutputStream silent = new PipedOutputStream();
                PipedInputStream pipe = new PipedInputStream(silent)) {
            assertThat(cli.pipe(pipe).runAt(server.uri(), "run", "i", "--", "true"))
                    .isZero();
        }

        assertThat(cli.err()).contains("nothing on standard input");
        assertThat(sent().has("stdin")).isFalse();
    }

    @Test
    void inputThatCannotBeReadRunsNothing() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Is a directory");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };

        assertThat(cli.pipe(broken).runAt(server.uri(), "run", "i", "--", "cat"))
                .isEqualTo(125);

        assertThat(cli.err()).contains("could not read standard input: Is a directory; nothing was run");
        assertThat(server.lines()).isEmpty();
    }

    private JsonNode sent() {
        return new JsonMapper()
                .readTree(server.requests(Replies.SPAWN).getLast().body());
    }
}
