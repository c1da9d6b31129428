package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.terminal.ExitCode;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ImagesCommandTest {
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
    void listsTaggedImagesAsATable() {
        server.on(
                "GET /v1/images?limit=100&offset=0&tagged=1",
                Answer.json("{\"images\": [" + Replies.image(Replies.IMAGE, "a-long-name:latest") + ","
                        + Replies.image(Replies.NEXT, "b:1") + "]}"));

        assertThat(cli.runAt(server.uri(), "images")).isZero();

        assertThat(cli.out()).isEqualTo("""
                TAG                 IMAGE                                 CREATED
                a-long-name:latest  11111111-1111-8111-8111-111111111111  2026-01-02T03:04:05Z
                b:1                 22222222-2222-8222-8222-222222222222  2026-01-02T03:04:05Z
                """);
    }

    @Test
    void listsTheSameAsJson() {
        server.on(
                "GET /v1/images?limit=100&offset=0&tag=b",
                Answer.json("{\"images\": [" + Replies.image(Replies.NEXT, null) + "]}"));

        assertThat(cli.runAt(server.uri(), "images", "--json", "--all", "--prefix", "b"))
                .isZero();

        JsonNode images = new JsonMapper().readTree(cli.out());
        assertThat(images).hasSize(1);
        assertThat(images.get(0).path("uuid").asString()).isEqualTo(Replies.NEXT.toString());
        assertThat(images.get(0).path("content_digest").asString()).isEqualTo("sha256:c");
    }

    @Test
    void listsTheFrontierByALabel() {
        server.on(
                "GET /v1/images?limit=100&offset=0&label=kind%3Dwide&sort=-label%3Ascore",
                Answer.json("{\"images\": ["
                        + Replies.image(Replies.NEXT, "b:1")
                                .replaceFirst("}$", ", \"labels\": {\"score\": \"0.7\", \"kind\": \"wide\"}}")
                        + "]}"));

        assertThat(cli.runAt(server.uri(), "images", "--label", "kind=wide", "--sort", "-score", "--limit", "2"))
                .as(cli.err())
                .isZero();

        assertThat(cli.out()).isEqualTo("""
                TAG  IMAGE                                 CREATED               LABELS
                b:1  22222222-2222-8222-8222-222222222222  2026-01-02T03:04:05Z  kind=wide score=0.7
                """);
    }

    @Test
    void labelsAnImage() {
        String record = Replies.image(Replies.NEXT, "b:1").replaceFirst("}$", ", \"labels\": {\"score\": \"0.7\"}}");
        server.on("GET /v1/inspect/" + Replies.NEXT + "/", Answer.json(record))
                .on("PATCH /v1/images/" + Replies.NEXT + "/labels", Answer.json(record));

        assertThat(cli.runAt(
                        server.uri(),
                        "label",
                        Replies.NEXT.toString(),
                        "score=0.7",
                        "--remove",
                        "old",
                        "--note",
                        "fine"))
                .as(cli.err())
                .isZero();

        assertThat(cli.out()).isEqualTo(Replies.NEXT + "  score=0.7\n");
        assertThat(server.requests("PATCH /v1/images/" + Replies.NEXT + "/labels"))
                .extracting(request -> request.body().replaceAll("\\s", ""))
                .containsExactly(
                        "{\"labels\":{\"score\":\"0.7\"}}", "{\"labels\":{\"old\":null}}", "{\"note\":\"fine\"}");
        assertThat(cli.runAt(server.uri(), "label", Replies.NEXT.toString(), "score"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void importsUnderTheNameThatPeopleUse() {
        importEnds("SUCCESS", "null", "\"" + Replies.IMAGE + "\"");

        assertThat(cli.runAt(server.uri(), "images", "import", "docker://docker.io/library/busybox:1.36"))
                .isZero();

        assertThat(sent().path("registry").path("url").asString()).isEqualTo("docker://docker.io/library/busybox:1.36");
        assertThat(sent().path("tag").asString()).isEqualTo("busybox:1.36");
        assertThat(cli.out()).startsWith(Replies.IMAGE + "  busybox:1.36");
        assertThat(cli.err()).isEqualTo("layer sha256:ab: 2.0 MB" + System.lineSeparator());
    }

    @Test
    void showsProgressOnOneLineToAPerson() {
        importEnds("SUCCESS", "null", "\"" + Replies.IMAGE + "\"");

        cli.interactive().runAt(server.uri(), "images", "import", "busybox");

        assertThat(cli.err())
                .contains("\rimporting busybox: 0 of 1 steps, 1.0 MB of 2.0 MB (50 %)")
                .endsWith(" \r")
                .doesNotContain("\n");
    }

    @Test
    void sendsWhatLiesOnThisMachineAndImportsThat(@TempDir Path directory) throws IOException {
        importEnds("SUCCESS", "null", "\"" + Replies.IMAGE + "\"");
        String file = "01234567-89ab-8cde-8f01-23456789abcd";
        server.on(
                "POST /v1/files",
                Answer.status(
                        201,
                        "{\"uuid\": \"" + file + "\", \"sha256\": \"" + "0".repeat(64)
                                + "\", \"size\": 1, \"created_at\": \"2026-01-02T03:04:05Z\", \"updated_at\":"
                                + " \"2026-01-02T03:04:05Z\"}"));
        Files.writeString(directory.resolve("hello"), "hello tar");

        assertThat(cli.runAt(server.uri(), "images", "import", "rootfs:" + directory))
                .as(cli.err())
                .isZero();

        assertThat(server.requests("POST /v1/files").getLast().body()).contains("./", "hello tar");
        assertThat(sent().path("registry").path("url").asString()).isEqualTo("upload:rootfs:" + file);
        assertThat(sent().has("tag")).isFalse();

        cli.runAt(server.uri(), "images", "import", "oci:" + directory + ":v1");
        assertThat(sent().path("registry").path("url").asString()).isEqualTo("upload:oci-archive:" + file + ":v1");
    }

    @Test
    void namesPathsOfTheServerWhenTold() {
        importEnds("SUCCESS", "null", "\"" + Replies.IMAGE + "\"");

        cli.runAt(server.uri(), "images", "import", "--on-server", "rootfs:some/../dir");

        assertThat(sent().path("registry").path("url").asString())
                .isEqualTo("rootfs:" + Path.of("dir").toAbsolutePath());
        assertThat(sent().has("tag")).isFalse();
    }

    @Test
    void saysWhatCannotBeSent(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        for (String wrong : new String[] {
            "rootfs:" + directory + "/none", "oci:" + file, "oci-archive:" + directory, "docker-archive:" + directory
        }) {
            assertThat(cli.runAt(server.uri(), "images", "import", wrong))
                    .as(wrong)
                    .isNotZero();
            assertThat(cli.err()).contains("cannot import " + wrong);
        }
        assertThat(server.requests("POST /v1/images/import")).isEmpty();
    }

    @Test
    void logsInWithThePasswordFromStandardInput() {
        importEnds("SUCCESS", "null", "\"" + Replies.IMAGE + "\"");

        cli.stdin("s3cret\nrest")
                .runAt(
                        server.uri(),
                        "images",
                        "import",
                        "--username",
                        "u",
                        "--password-stdin",
                        "-t",
                        "x:1",
                        "r.example/x");

        JsonNode credentials = sent().path("registry").path("credentials");
        assertThat(credentials.path("username").asString()).isEqualTo("u");
        assertThat(credentials.path("password").asString()).isEqualTo("s3cret");
        assertThat(sent().path("tag").asString()).isEqualTo("x:1");
        assertThat(cli.run("images", "import", "--username", "u", "x")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void saysWhatTheRegistrySaid() {
        importEnds("FAILED", "\"the registry has no busybox:nope (manifest unknown)\"", "null");

        assertThat(cli.runAt(server.uri(), "images", "import", "busybox:nope")).isEqualTo(ExitCode.FAILED);

        assertThat(cli.err()).contains("contree: the registry has no busybox:nope (manifest unknown)");
        assertThat(cli.out()).isEmpty();
    }

    private void importEnds(String status, String error, String image) {
        String layer = "\"data\": {\"step\": \"layer sha256:ab\", \"done_bytes\": %d, \"total_bytes\": 2000000}";
        server.on("POST /v1/images/import", Answer.status(201, "{\"uuid\": \"" + Replies.OPERATION + "\"}"))
                .on(
                        Replies.EVENTS,
                        Answer.events(
                                "0 progress " + layer.formatted(1_000_000),
                                "1 progress " + layer.formatted(2_000_000),
                                "2 completion \"data\": {}"))
                .on(Replies.STATUS, Replies.operation("image_import", status, error, image, "null"))
                .on(
                        "GET /v1/inspect/" + Replies.IMAGE + "/",
                        Answer.json(Replies.image(Replies.IMAGE, "busybox:1.36")));
    }

    private JsonNode sent() {
        return new JsonMapper()
                .readTree(server.requests("POST /v1/images/import").getLast().body());
    }
}
