package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Uploads: sized and chunked, found again by either generation of clients, and placed into runs. */
class FilesProtocolIT extends ServerSuite {
    private static final String UNKNOWN = "f".repeat(64);

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private JsonNode uploadSized(byte[] bytes) throws Exception {
        HttpResponse<byte[]> answer = api.send("POST", "/files", bytes, "application/octet-stream");
        assertThat(answer.statusCode()).as(Api.text(answer)).isEqualTo(201);
        return Api.json(answer);
    }

    @Test
    void sizedAndChunkedUploadsOfTheSameBytesAreOneRecordWithAStableUuid() throws Exception {
        byte[] bytes = random(2_500_001);
        JsonNode sized = uploadSized(bytes);
        HttpResponse<byte[]> chunked = api.upload(bytes);
        assertThat(chunked.statusCode()).isEqualTo(201);
        assertThat(Api.json(chunked).get("uuid")).isEqualTo(sized.get("uuid"));
        assertThat(sized.get("sha256").asString()).isEqualTo(sha256(bytes));
        assertThat(sized.get("size").asInt()).isEqualTo(bytes.length);
        assertThat(api.getJson("/files")
                        .get("files")
                        .valueStream()
                        .filter(file -> file.get("uuid").equals(sized.get("uuid"))))
                .hasSize(1);
    }

    @Test
    void anUploadAgainUpdatesTheRecordAndNotWhenItWasMade() throws Exception {
        JsonNode first = uploadSized(random(17));
        JsonNode again = uploadSized(random(17));
        assertThat(again.get("created_at")).isEqualTo(first.get("created_at"));
        assertThat(again.get("updated_at").asString())
                .isGreaterThan(first.get("updated_at").asString());
    }

    @Test
    void anEmptyFileIsAFile() throws Exception {
        HttpResponse<byte[]> empty = api.upload(new byte[0]);
        assertThat(empty.statusCode()).as(Api.text(empty)).isEqualTo(201);
        assertThat(Api.json(empty).get("sha256").asString()).isEqualTo(sha256(new byte[0]));
    }

    @Test
    void aFileIsFoundByPathAndByBothEarlierQueries() throws Exception {
        JsonNode file = uploadSized(random(1234));
        String digest = file.get("sha256").asString();
        String uuid = file.get("uuid").asString();
        for (String path : new String[] {
            "/files/" + digest,
            "/files/" + digest.toUpperCase(Locale.ROOT),
            "/files?sha256=" + digest,
            "/files?uuid=" + uuid
        }) {
            assertThat(api.getJson(path).get("uuid")).as(path).isEqualTo(file.get("uuid"));
            assertThat(api.head(path).statusCode()).as(path).isEqualTo(200);
        }
        for (String path : new String[] {
            "/files/" + UNKNOWN, "/files?sha256=" + UNKNOWN, "/files?uuid=00000000-0000-4000-8000-000000000000"
        }) {
            assertThat(api.get(path).statusCode()).as(path).isEqualTo(404);
            assertThat(api.head(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    /** Every way that a client writes a mode, and what the file then has. */
    @ParameterizedTest
    @CsvSource({
        "'\"0644\"', 100644",
        "'\"755\"', 100755",
        "'\"0o640\"', 100640",
        "'\"0o100600\"', 100600",
        "'\"4755\"', 104755",
        "420, 100644",
        "33261, 100755",
        "null, 100644",
    })
    void modeAndOwnerOfAPlacedFileAreThoseThatWereAskedFor(String mode, String octal) throws Exception {
        String uuid = uploadSized(random(99)).get("uuid").asString();
        Object value = new tools.jackson.databind.ObjectMapper().readValue(mode, Object.class);
        Map<String, Object> spec = new java.util.HashMap<>(Map.of("uuid", uuid, "uid", 12, "gid", 34));
        spec.put("mode", value);
        JsonNode run = api.await(
                api.spawn(Map.of("image", box, "command", "true", "files", Map.of("/made/on/the/wäy/fi€le", spec))));
        JsonNode list =
                api.getJson("/inspect/" + run.at("/result/image").asString() + "/list?path=/made/on/the/w%C3%A4y");
        assertThat(list.at("/files/0/path").asString()).isEqualTo("fi€le");
        assertThat(Integer.toOctalString(list.at("/files/0/mode").asInt())).isEqualTo(octal);
        assertThat(list.at("/files/0/uid").asInt()).isEqualTo(12);
        assertThat(list.at("/files/0/gid").asInt()).isEqualTo(34);
        assertThat(list.at("/files/0/size").asInt()).isEqualTo(99);
    }

    @Test
    void aRelativeDestinationIsRelativeToTheRoot() throws Exception {
        String uuid = uploadSized("#!/bin/sh\necho placed\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .get("uuid")
                .asString();
        JsonNode run = api.await(api.spawn(Map.of(
                "image",
                box,
                "command",
                "/bin/app",
                "files",
                Map.of("bin/app", Map.of("uuid", uuid, "mode", "0755")))));
        assertThat(run.at("/metadata/result/stdout/value").asString()).isEqualTo("placed\n");
    }
}
