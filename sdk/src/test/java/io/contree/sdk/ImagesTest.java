package io.contree.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.OperationKind;
import io.contree.sdk.internal.download.TarBytes;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesTest {
    private static final UUID IMAGE = UUID.fromString("11111111-1111-8111-8111-111111111111");
    private static final UUID OPERATION = UUID.fromString("00000000-0000-0000-0000-0000000000aa");
    private static final String INSPECT = "GET /v1/inspect/" + IMAGE + "/";

    private ScriptedServer server;
    private Contree contree;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        contree = Contree.builder(Map.of(), Path.of("/nonexistent"))
                .baseUrl(server.uri().toString())
                .token("secret")
                .project("p")
                .userAgent("test/1")
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        contree.close();
        server.close();
    }

    @Test
    void saysWhoItIs() {
        server.on("GET /v1/images", Answer.json("{\"images\": []}"));

        assertThat(contree.images().list()).isEmpty();

        assertThat(server.requests().getFirst().headers())
                .containsEntry("authorization", "Bearer secret")
                .containsEntry("project", "p")
                .containsEntry("user-agent", "test/1")
                .doesNotContainKey("upgrade");
    }

    @Test
    void listsPageByPageAndOnlyAsFarAsItIsRead() {
        server.on("GET /v1/images?limit=100&offset=0", Answer.json(page(100)))
                .on("GET /v1/images?limit=100&offset=100", Answer.json(page(100)))
                .on("GET /v1/images?limit=100&offset=200", Answer.json(page(7)));

        assertThat(contree.images().list().limit(150)).hasSize(150);
        assertThat(server.requests()).hasSize(2);
        assertThat(contree.images().list()).hasSize(207);
    }

    @Test
    void encodesFilters() {
        server.on("GET /v1/images", Answer.json("{\"images\": []}"));

        assertThat(contree.images().list(ImageQuery.all().tagged().tagPrefix("a b/c:&")))
                .isEmpty();

        assertThat(server.requests().getFirst().target())
                .isEqualTo("/v1/images?limit=100&offset=0&tagged=1&tag=a%20b%2Fc%3A%26");
    }

    @Test
    void usesATagWithoutAskingAndFindsItByAsking() {
        server.on("GET /v1/inspect/?tag=ubuntu%3Alatest", Answer.status(302, "", "Location: " + IMAGE + "/"))
                .on(INSPECT, Answer.json(record("another-name:of-it")));

        Image lazy = contree.images().use("ubuntu:latest");
        assertThat(server.requests()).isEmpty();
        assertThat(lazy.tag()).contains("ubuntu:latest");
        assertThat(lazy.uuid()).isEqualTo(IMAGE);
        assertThat(lazy.uuid()).isEqualTo(IMAGE);
        assertThat(server.requests()).hasSize(1);

        Image found = contree.images().find("ubuntu:latest");
        assertThat(found.tag()).contains("ubuntu:latest");
        assertThat(found.contentDigest()).isEqualTo("sha256:c");
        assertThat(found.createdAt()).isEqualTo("2026-01-02T03:04:05.123456Z");
    }

    @Test
    void anUnknownTagIsNotFound() {
        server.on("GET /v1/inspect/", Answer.status(404, "{\"error\": \"no image is tagged x\", \"status\": 404}"));

        assertThatThrownBy(() -> contree.images().find("x"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no image is tagged x");
    }

    @Test
    void looksInside(@TempDir Path directory) throws IOException {
        server.on("GET /v1/inspect/" + IMAGE + "/list?path=%2Fetc", Answer.json("""
                        {"path": "/etc", "files": [{"size": 5, "path": "passwd", "owner": 0, "group": "root", "uid": 0,
                         "gid": 0, "mode": 33188, "mtime": 1700000000, "nlink": 1, "is_dir": false, "is_regular": true,
                         "is_symlink": false, "is_socket": false, "is_fifo": false, "symlink_to": ""}]}"""))
                .on("GET /v1/inspect/" + IMAGE + "/download?path=%2Fetc%2Fpasswd", bytes("root\n"))
                .on("HEAD /v1/inspect/" + IMAGE + "/archive?path=%2Fno", Answer.status(404, ""))
                .on("HEAD /v1/inspect/" + IMAGE + "/archive?path=%2Fyes", Answer.status(200, ""))
                .on("HEAD /v1/inspect/" + IMAGE + "/archive?path=%2Fdev%2Fnull", Answer.status(422, ""))
                .on(
                        "GET /v1/inspect/" + IMAGE + "/archive?path=%2Fetc",
                        Answer.bytes(200, new TarBytes().file("hosts", "me").finished()));
        Image image = contree.images().use(IMAGE);

        assertThat(image.ls("/etc")).singleElement().satisfies(entry -> {
            assertThat(entry.path()).isEqualTo("passwd");
            assertThat(entry.permissions()).isEqualTo(0644);
            assertThat(entry.isRegular()).isTrue();
            assertThat(entry.modified()).isEqualTo("2023-11-14T22:13:20Z");
        });
        assertThat(image.readText("/etc/passwd")).isEqualTo("root\n");
        assertThat(image.download("/etc/passwd", directory))
                .isEqualTo(directory.resolve("passwd"))
                .hasContent("root\n");
        assertThat(image.download("/etc/passwd", directory.resolve("x"))).hasContent("root\n");
        assertThat(image.exists("/no")).isFalse();
        assertThat(image.exists("/yes")).isTrue();
        assertThat(image.exists("/dev/null")).isTrue();
        try (InputStream file = image.open("/etc/passwd")) {
            assertThat(file).hasContent("root\n");
        }
        assertThat(image.downloadTree("/etc", directory.resolve("tree")).resolve("hosts"))
                .hasContent("me");
    }

    @Test
    void searches() {
        server.on("GET /v1/inspect/" + IMAGE + "/grep", Answer.json("""
                {"path": "/etc", "patterns": ["a b"], "truncated": true, "matches": [{"path": "/etc/x", "line_number": 3,
                 "absolute_offset": 9, "line_text": "a b\\n", "line_bytes": 4, "type": "match",
                 "submatches": [{"text": "a b", "start": 0, "end": 3}]}]}"""));
        Grep search = Grep.of("a b").pattern("c").path("/etc").glob("!*.md");

        var found = contree.images()
                .use(IMAGE)
                .grep(search.maxPerFile(2).maxTotal(5).maxTotal(6).smartCase().context(1, 2));

        assertThat(found.matches().get(0).submatches().get(0).end()).isEqualTo(3);
        assertThat(found.truncated()).isTrue();
        assertThat(server.requests().getFirst().target())
                .endsWith("/grep?pattern=a%20b&pattern=c&path=%2Fetc&glob=%21*.md&max_count=2&max_total=6"
                        + "&case=smart&before=1&after=2");
    }

    @Test
    void picksOutWhatWasImportedAndNoMoreThanAsked() {
        server.on(
                        "GET /v1/operations?limit=100&offset=0&kind=image_import",
                        Answer.json("[" + operation("SUCCESS", "null", "null") + "]"))
                .on(
                        "GET /v1/images?limit=100&offset=0&tagged=1",
                        Answer.json("{\"images\": [" + record("run:1") + ","
                                + record("a:1").replace("null", "\"" + OPERATION + "\"") + ","
                                + record("b:1").replace("null", "\"" + OPERATION + "\"") + "]}"))
                .on("GET /v1/images?limit=2&offset=0", Answer.json(page(2)));
        ImageQuery imported = ImageQuery.all().kind(OperationKind.IMAGE_IMPORT).tagged();

        assertThat(contree.images().list(imported.limit(1)))
                .extracting(image -> image.tag().orElseThrow())
                .containsExactly("a:1");
        assertThat(contree.images().list(ImageQuery.all().limit(2))).hasSize(2);
        assertThatThrownBy(() -> imported.limit(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void comparesTwoImages() {
        UUID other = UUID.randomUUID();
        server.on("GET /v1/inspect/" + IMAGE + "/changes?from=" + other + "&limit=2", Answer.json("""
                {"changes": [{"kind": "added", "path": "/a"}, {"kind": "deleted", "path": "b"}], "more": 5}"""));

        Changes changes =
                contree.images().use(IMAGE).changesSince(contree.images().use(other), 2);

        assertThat(changes.listed())
                .containsExactly(new Changes.Change("added", "/a"), new Changes.Change("deleted", "/b"));
        assertThat(changes.more()).isEqualTo(5);
    }

    @Test
    void movesAndRemovesTags() {
        server.on("PATCH /v1/images/" + IMAGE + "/tag", Answer.json(record("v:1")))
                .on("DELETE /v1/images/" + IMAGE + "/tag", Answer.status(204, ""));
        Image image = contree.images().use(IMAGE);

        assertThat(image.tagAs("v:1").tag()).contains("v:1");
        image.untag("v:1");
        image.untag();

        assertThat(server.requests())
                .extracting(ScriptedServer.Request::target)
                .containsExactly(
                        "/v1/images/" + IMAGE + "/tag",
                        "/v1/images/" + IMAGE + "/tag?tag=v%3A1",
                        "/v1/images/" + IMAGE + "/tag");
        assertThat(server.requests().getFirst().body()).isEqualTo("{\"tag\":\"v:1\"}");
    }

    @Test
    void importsWithProgress() {
        server.on("POST /v1/images/import", Answer.status(201, "{\"uuid\": \"" + OPERATION + "\"}"))
                .on(
                        "GET /v1/operations/" + OPERATION + "/events",
                        Answer.events(
                                "0 progress \"data\": {\"step\": \"layer a\", \"done_bytes\": 5, \"total_bytes\": 10}",
                                "1 progress \"data\": {\"step\": \"unpacking\"}",
                                "2 completion \"data\": {}"))
                .on("GET /v1/operations/" + OPERATION, Answer.json(operation("SUCCESS", "null", "\"" + IMAGE + "\"")))
                .on(INSPECT, Answer.json(record("busybox:latest")));
        List<String> steps = new ArrayList<>();

        Image image = contree.images()
                .importFrom("docker://busybox")
                .tag("busybox:latest")
                .credentials("u", "pw")
                .timeout(java.time.Duration.ofMinutes(1))
                .onProgress((step, done, total) -> steps.add(step + " " + done + "/" + total))
                .execute();

        assertThat(image.uuid()).isEqualTo(IMAGE);
        assertThat(steps).containsExactly("layer a 5/10", "unpacking -1/-1");
        assertThat(server.requests().getFirst().body()).contains("\"docker://busybox\"", "\"pw\"", "\"timeout\":60");
    }

    @Test
    void aFailedImportSaysWhatTheRegistrySaid() {
        server.on("POST /v1/images/import", Answer.status(201, "{\"uuid\": \"" + OPERATION + "\"}"))
                .on("GET /v1/operations/" + OPERATION + "/events", Answer.events("0 completion \"data\": {}"))
                .on(
                        "GET /v1/operations/" + OPERATION,
                        Answer.json(operation("FAILED", "\"manifest unknown\"", "null")));

        assertThatThrownBy(() -> contree.images().importFrom("docker://x").execute())
                .isInstanceOf(OperationFailedException.class)
                .hasMessage("manifest unknown");
    }

    @Test
    void ociTakesTheTagThatIsThereAlready() {
        server.on("GET /v1/inspect/?tag=busybox%3Alatest", Answer.status(302, "", "Location: " + IMAGE + "/"))
                .on(INSPECT, Answer.json(record("busybox:latest")));

        assertThat(contree.images().oci("docker://docker.io/library/busybox").uuid())
                .isEqualTo(IMAGE);
        assertThat(server.lines()).noneMatch(line -> line.startsWith("POST"));
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox:latest",
        "docker://docker.io/library/busybox:1.36, busybox:1.36",
        "docker.io/bitnami/redis, bitnami/redis:latest",
        "docker://localhost:5000/a/b, localhost:5000/a/b:latest",
        "localhost:5000/a:v1, localhost:5000/a:v1"
    })
    void callsAnImageAsPeopleDo(String reference, String tag) {
        assertThat(Import.tagOf(reference)).isEqualTo(tag);
    }

    @Test
    void listsOperations() {
        server.on(
                "GET /v1/operations?limit=100&offset=0&kind=image_import",
                Answer.json("[" + operation("FAILED", "\"x\"", "null") + "]"));

        assertThat(contree.operations().list(OperationQuery.all().kind(OperationKind.IMAGE_IMPORT)))
                .singleElement()
                .satisfies(operation -> assertThat(operation.error()).isEqualTo("x"));
    }

    private static Answer bytes(String text) {
        return Answer.bytes(200, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String page(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> record("t:" + i))
                .collect(Collectors.joining(",", "{\"images\": [", "]}"));
    }

    private static String record(String tag) {
        return """
                {"uuid": "%s", "tag": "%s", "created_at": "2026-01-02T03:04:05.123456Z", "operation_uuid": null,
                 "content_digest": "sha256:c"}""".formatted(IMAGE, tag);
    }

    private static String operation(String status, String error, String image) {
        return """
                {"uuid": "%s", "kind": "image_import", "status": "%s", "error": %s, "created_at":
                 "2026-01-02T03:04:05Z", "duration": 0.4, "result_image_uuid": %s,
                 "result": {"image": %s, "tag": null}, "metadata": {"timeout": 300}}""".formatted(OPERATION, status, error, image, image);
    }
}
