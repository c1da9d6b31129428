package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.OpenApi;
import io.contree.testkit.RawHttp;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What holds for every endpoint: prefix, project header, errors, lengths, whoami. */
class TransportProtocolIT extends ServerSuite {
    @Override
    String[] options() {
        return new String[] {"--max-request", "1MiB", "--max-upload", "2MiB"};
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/sandboxes", "/some/long/prefix", "/v1", "/v2/gateway"})
    void underAnyPrefixWithABearerTokenAndWhateverProjectHeader(String prefix) throws Exception {
        Api prefixed = new Api(URI.create(server.uri() + prefix), server.token());
        assertThat(prefixed.imageAfter("tag:box:1", "true")).isEqualTo(box);
        for (String project : List.of("NEBIUS_PROJECT_ID", "project-e00abc", "")) {
            HttpResponse<byte[]> answer =
                    prefixed.send("GET", "/images?tag=box:1", new byte[0], "", "Project", project);
            assertThat(Api.json(answer).at("/images/0/uuid").asString()).isEqualTo(box);
        }
    }

    @Test
    void aBodilessRequestMayCallItselfJson() throws Exception {
        for (String method : List.of("GET", "HEAD", "DELETE")) {
            String path = method.equals("DELETE")
                    ? "/images/" + box + "/tag?tag=none:1"
                    : "/inspect/" + box + "/download?path=/etc/passwd";
            assertThat(api.send(method, path, new byte[0], "", "Content-Type", "application/json")
                            .statusCode())
                    .as(method)
                    .isIn(200, 204, 404);
        }
    }

    @Test
    void plusAndPercentTwentyAreSpaces() throws Exception {
        String image = after(busybox, "mkdir '/a b'; echo in > '/a b/c+d'").toString();
        for (String path : List.of("/a+b", "/a%20b", "%2Fa+b")) {
            assertThat(api.getJson("/inspect/" + image + "/list?path=" + path)
                            .at("/files/0/path")
                            .asString())
                    .isEqualTo("c+d");
        }
        assertThat(api.read(image, "/a b/c+d")).asString().isEqualTo("in\n");
    }

    private void assertJsonError(String answer, int... statuses) {
        assertThat(answer).startsWith("HTTP/1.1 ");
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(statuses).as(answer).contains(status);
        byte[] body = answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.UTF_8);
        OpenApi.get().check("GET", "/whatever", status, contentType(answer), body);
    }

    private static Optional<String> contentType(String answer) {
        return answer.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-type:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** Made by the web server below the API as well. */
    @ParameterizedTest
    @CsvSource({
        "NONSENSE, 400",
        "GET /v1/images HTTP/9.9, 400",
        "GET /nowhere HTTP/1.1, 404",
        "GET /v1/no/such/endpoint HTTP/1.1, 404",
        "PUT /v1/images HTTP/1.1, 405",
        "BREW /v1/images HTTP/1.1, 405",
        "GET /v1/images HTTP/1.1, 401",
        "GET /v1/files/%zz HTTP/1.1, 400",
    })
    void everyErrorIsJsonWithATextAndItsStatus(String line, int status) throws Exception {
        try (RawHttp raw = new RawHttp(server.uri())) {
            raw.send(line + "\nHost: x\nConnection: close\n\n");
            assertJsonError(raw.readAll(), status, status == 400 ? 505 : status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "header", "headers"})
    void aRequestLineOrHeadersThatAreTooLongAreJsonErrors(String what) throws Exception {
        String request = switch (what) {
            case "line" -> "GET /v1/images?x=" + "a".repeat(40_000) + " HTTP/1.1\nHost: x\n\n";
            case "header" -> "GET /v1/images HTTP/1.1\nHost: x\nX-A: " + "a".repeat(40_000) + "\n\n";
            default -> "GET /v1/images HTTP/1.1\nHost: x\n" + "X-A: a\n".repeat(10_000) + "\n\n";
        };
        try (RawHttp raw = new RawHttp(server.uri())) {
            assertJsonError(raw.send(request).readAll(), 400, 413, 414, 431);
        }
    }

    @Test
    void aBodyThatIsTooLongIsA413HoweverItIsSent() throws Exception {
        byte[] json = ("{\"image\":\"" + box + "\",\"command\":\"" + "x".repeat(1 << 20) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(api.send("POST", "/instances", json, "application/json").statusCode())
                .isEqualTo(413);
        byte[] file = new byte[(2 << 20) + 1];
        assertThat(api.send("POST", "/files", file, "application/octet-stream").statusCode())
                .isEqualTo(413);
        assertThat(api.upload(file).statusCode()).isEqualTo(413);
        assertThat(api.getJson("/files").get("files")).isEmpty();
    }

    @Test
    void jsonOfMoreThan64KibHasNoContentLength() throws Exception {
        String image = after(busybox, "mkdir /many; cd /many; for i in $(seq 600); do : > file-$i; done")
                .toString();
        String operation = api.spawn(Map.of("image", box, "command", "seq 20000", "shell", true));
        api.await(operation);
        for (String path : List.of("/inspect/" + image + "/list?path=/many", "/operations/" + operation)) {
            HttpResponse<byte[]> answer = api.get(path);
            assertThat(answer.body().length).as(path).isGreaterThan(1 << 16);
            assertThat(answer.headers().firstValue("Content-Length")).as(path).isEmpty();
            assertThat(answer.headers().firstValue("Transfer-Encoding"))
                    .as(path)
                    .contains("chunked");
        }
    }

    @Test
    void whoamiHasAllThatClientsReadIncludingANullExpiration() throws Exception {
        JsonNode whoami = api.getJson("/whoami");
        assertThat(whoami.propertyNames())
                .contains("token_uuid", "token_expiration", "permissions", "limits", "operations_stat");
        assertThat(whoami.get("token_expiration").isNull()).isTrue();
        assertThat(whoami.get("permissions").propertyNames())
                .contains("spawn", "spawn_disposable", "list", "cancel", "import", "set_image_tag");
        assertThat(whoami.at("/permissions/list").asBoolean()).isTrue();
        assertThat(whoami.get("operations_stat").isObject()).isTrue();
    }
}
