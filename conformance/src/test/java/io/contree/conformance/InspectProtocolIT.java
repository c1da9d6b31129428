package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.RunResult;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Looking into an image: lists, downloads, archives. */
class InspectProtocolIT extends SharedServerSuite {
    private String image;
    private String digest;

    @BeforeAll
    void makeOneOfEachKind() {
        RunResult made = busybox.shell(
                        "mkdir -p /d/sub && cd /d && head -c 3000000 /dev/urandom > random && chown 33:44 random"
                                + " && chmod 4750 random && ln -s random link && mkfifo fifo && printf text > text"
                                + " && sha256sum random | cut -d' ' -f1")
                .execute();
        image = made.image().uuid().toString();
        digest = made.stdout().strip();
    }

    private String path(String endpoint, String path) {
        return "/inspect/" + image + "/" + endpoint + "?path=" + path;
    }

    @Test
    void aListHasFifteenFieldsTheWholeModeAndAnEmptyTargetUnlessALink() throws Exception {
        JsonNode list = api.getJson(path("list", "/d"));
        assertThat(list.get("path").asString()).isEqualTo("/d");
        List<JsonNode> files = list.get("files").valueStream().toList();
        assertThat(files).hasSize(5).allSatisfy(file -> {
            assertThat(file.propertyNames()).hasSize(15);
            assertThat(file.valueStream()).noneMatch(JsonNode::isNull);
        });
        JsonNode random = entry(files, "random");
        assertThat(random.get("mode").asInt()).isEqualTo(0104750);
        assertThat(random.get("size").asInt()).isEqualTo(3_000_000);
        assertThat(List.of(random.get("uid").asInt(), random.get("gid").asInt()))
                .containsExactly(33, 44);
        assertThat(random.get("symlink_to").asString("?")).isEmpty();
        assertThat(entry(files, "link").get("symlink_to").asString()).isEqualTo("random");
        assertThat(entry(files, "link").get("is_symlink").asBoolean()).isTrue();
        assertThat(entry(files, "fifo").get("is_fifo").asBoolean()).isTrue();
        assertThat(entry(files, "sub").get("mode").asInt()).isEqualTo(040755);
    }

    private static JsonNode entry(List<JsonNode> files, String name) {
        return files.stream()
                .filter(file -> file.get("path").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"&text=1", "&text=", "&text", "&text=true"})
    void asTextAListLooksLikeThatOfLs(String flag) throws Exception {
        HttpResponse<byte[]> answer = api.get(path("list", "/d") + flag);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(Api.text(answer))
                .contains("-rwsr-x---")
                .contains("link -> random")
                .contains("drwxr-xr-x");
        assertThat(api.get(path("download", "/d/text") + flag).headers().firstValue("Content-Type"))
                .contains("text/plain; charset=utf-8");
    }

    @Test
    void textZeroIsJson() throws Exception {
        assertThat(api.getJson(path("list", "/d") + "&text=0").get("files")).hasSize(5);
    }

    @Test
    void theRootAndAHomeAreListedToo() throws Exception {
        assertThat(api.getJson("/inspect/" + image + "/list").get("files")).isNotEmpty();
        assertThat(api.getJson(path("list", "~")).get("path").asString()).isEqualTo("~");
        assertThat(api.getJson(path("list", "d/sub")).get("files")).isEmpty();
    }

    @Test
    void nothingThereIs404AndTheWrongKindIs422() throws Exception {
        for (String endpoint : List.of("list", "download", "archive")) {
            assertThat(api.get(path(endpoint, "/no/such")).statusCode()).isEqualTo(404);
            assertThat(api.get(path(endpoint, "/d/text/under-a-file")).statusCode())
                    .isIn(404, 422);
        }
        assertThat(api.get(path("list", "/d/text")).statusCode()).isEqualTo(422);
        assertThat(api.get(path("download", "/d")).statusCode()).isEqualTo(422);
        assertThat(api.get(path("download", "/d/fifo")).statusCode()).isEqualTo(422);
        assertThat(api.get(path("archive", "/d/fifo")).statusCode()).isEqualTo(422);
        assertThat(api.get("/inspect/" + image + "/download").statusCode()).isEqualTo(400);
    }

    @Test
    void aDownloadIsTheSameBytesAlsoThroughALink() throws Exception {
        for (String path : List.of("/d/random", "/d/link")) {
            HttpResponse<byte[]> answer = api.get(path("download", path));
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(answer.body())))
                    .isEqualTo(digest);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"download", "archive"})
    void headSaysWhatGetWouldWithoutABody(String endpoint) throws Exception {
        assertThat(api.head(path(endpoint, "/d/text")).statusCode()).isEqualTo(200);
        assertThat(api.head(path(endpoint, "/no/such")).statusCode()).isEqualTo(404);
        assertThat(api.head(path(endpoint, "/d/fifo")).statusCode()).isEqualTo(422);
        assertThat(api.head(path(endpoint, "/d")).statusCode()).isEqualTo(endpoint.equals("archive") ? 200 : 422);
    }

    @Test
    void anArchiveIsAPaxTarWhoseNamesAreRelativeToTheDirectory() throws Exception {
        HttpResponse<byte[]> answer = api.get(path("archive", "/d"));
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-tar");
        assertThat(answer.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"d.tar\"");
        assertThat(new String(answer.body(), 257, 5, StandardCharsets.US_ASCII)).isEqualTo("ustar");
        assertThat(tar(answer.body(), "-tf").map(name -> name.replaceFirst("^\\./", "")))
                .contains("random", "link", "fifo", "sub/", "text")
                .noneMatch(name -> name.startsWith("/") || name.startsWith("d/"));
        HttpResponse<byte[]> file = api.get(path("archive", "/bin/busybox"));
        assertThat(file.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"bin_busybox.tar\"");
        assertThat(tar(file.body(), "-tf")).containsExactly("busybox");
    }

    private Stream<String> tar(byte[] archive, String options) throws Exception {
        Path file = Files.createTempFile(home, "archive", ".tar");
        try (InputStream in = new ByteArrayInputStream(archive)) {
            Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Process tar = new ProcessBuilder("tar", options, file.toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines;
        try (var reader = tar.inputReader()) {
            lines = reader.lines().toList();
        }
        assertThat(tar.waitFor()).as(lines.toString()).isZero();
        return lines.stream();
    }
}
