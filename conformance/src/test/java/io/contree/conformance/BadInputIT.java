package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Every mistake gets a status and words in the API's error shape. */
class BadInputIT extends ServerSuite {
    private static final String UNKNOWN = "00000000-0000-8000-8000-000000000000";

    @ParameterizedTest
    @CsvSource({
        "GET, /inspect/" + UNKNOWN + "/, 404",
        "GET, /inspect/" + UNKNOWN + "/list?path=/, 404",
        "GET, /inspect/nonsense/, 400",
        "GET, /inspect/?tag=no-such:1, 404",
        "GET, /inspect/, 400",
        "GET, /operations/" + UNKNOWN + ", 404",
        "GET, /operations/nonsense, 400",
        "GET, /images?limit=0, 400",
        "GET, /images?limit=1001, 400",
        "GET, /images?limit=x, 400",
        "GET, /images?offset=-1, 400",
        "GET, /operations?status=WHATEVER, 400",
        "GET, /operations?since=yesterday, 400",
        "GET, /files/0123, 400",
        "GET, /no/such/endpoint, 404",
        "PUT, /images, 405",
    })
    void requests(String method, String path, int status) throws Exception {
        assertError(api.send(method, path, new byte[0], ""), status);
    }

    @ParameterizedTest
    @CsvSource({
        "/no/such/path, 404",
        "/etc/passwd/x, 404",
        "/bin/../../../etc/shadow-of-the-host, 404",
        "/etc, 422",
    })
    void downloads(String path, int status) throws Exception {
        assertError(api.get("/inspect/" + box + "/download?path=" + Api.encode(path)), status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"timeout\": 0}",
                "{\"timeout\": -5}",
                "{\"timeout\": \"soon\"}",
                "{\"cwd\": \"relative\"}",
                "{\"uid\": -1}",
                "{\"truncate_output_at\": -1}",
                "{\"args\": \"not a list\"}",
                "{\"files\": {\"/x\": {\"uuid\": \"nonsense\"}}}",
                "{\"files\": {\"/x\": {\"uuid\": \"00000000-0000-4000-8000-000000000000\", \"mode\": \"99\"}}}",
                "{\"stdin\": {\"value\": \"%%%\", \"encoding\": \"base64\"}}",
                "{\"stdin\": {\"value\": \"\", \"encoding\": \"utf-16\"}}",
                "{\"command\": \"\"}",
                "{\"image\": \"nonsense\"}",
                "{\"networking\": {\"enabled\": \"yes\"}}",
            })
    void spawns(String fields) throws Exception {
        ObjectMapper json = new ObjectMapper();
        Map<String, Object> request = new HashMap<>(Map.of("image", box, "command", "true", "shell", true));
        request.putAll(json.readValue(fields, Map.class));
        assertError(api.post("/instances", request), 400);
        assertThat(api.getJson("/operations?status=PENDING").size()).isZero();
    }

    @Test
    void unknownImageTagAndFile() throws Exception {
        assertError(api.post("/instances", Map.of("image", UNKNOWN, "command", "true")), 404);
        assertError(api.post("/instances", Map.of("image", "tag:no-such:1", "command", "true")), 404);
        HttpResponse<byte[]> file = api.post(
                "/instances",
                Map.of(
                        "image",
                        box,
                        "command",
                        "true",
                        "files",
                        Map.of("/x", Map.of("uuid", "00000000-0000-4000-8000-000000000000"))));
        assertError(file, 404);
    }

    @Test
    void aBodyThatIsNoJson() throws Exception {
        assertError(api.send("POST", "/instances", "{".getBytes(StandardCharsets.UTF_8), "application/json"), 400);
        assertError(api.send("POST", "/instances", "[1]".getBytes(StandardCharsets.UTF_8), "application/json"), 400);
        assertError(api.send("POST", "/instances", new byte[0], ""), 400);
    }

    @Test
    void withoutAToken() throws Exception {
        assertError(new Api(server.uri(), "nonsense").get("/whoami"), 401);
    }

    @Test
    void aProgramThatIsNotThere() throws Exception {
        JsonNode record = api.await(api.spawn(Map.of("image", box, "command", "no-such-program")));
        assertThat(record.get("status").asString()).isEqualTo("FAILED");
        assertThat(record.get("error").asString()).startsWith("spawn failed: ").contains("no-such-program");
        assertThat(record.get("result_image_uuid").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker://127.0.0.1:9/library/box:1",
                "docker://no-such-host.invalid/library/box:1",
                "rootfs:/no/such/directory",
                "oci:/etc",
                "docker-archive:/etc/passwd",
                "rootfs:/etc/passwd",
            })
    void importsThatCannotWork(String reference) throws Exception {
        JsonNode record = api.importRecord(reference, "never:1");
        assertThat(record.get("status").asString()).isEqualTo("FAILED");
        assertThat(record.get("error").asString()).isNotBlank().doesNotContain("Exception");
        assertError(api.get("/inspect/?tag=never:1"), 404);
    }

    private static void assertError(HttpResponse<byte[]> response, int status) {
        assertThat(response.statusCode()).as(Api.text(response)).isEqualTo(status);
        JsonNode error = new ObjectMapper().readTree(response.body());
        assertThat(error.get("status").asInt()).isEqualTo(status);
        assertThat(error.get("error").asString()).isNotBlank();
        assertThat(error.toString()).doesNotContain("Exception").doesNotContain("\tat ");
    }
}
