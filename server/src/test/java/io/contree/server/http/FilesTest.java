package io.contree.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.RawHttp;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FilesTest {
    private static final String SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private final Fixture fixture = new Fixture();
    private final ApiClient client = fixture.client;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void sizedAndChunkedUploadsAreTheSameFile() {
        var sized = client.send("POST", "/files", BodyPublishers.ofString("hello"));
        var chunked = client.send(
                "POST",
                "/files",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream("hello".getBytes(UTF_8))),
                "Content-Type",
                "application/octet-stream");

        assertThat(sized.status()).isEqualTo(201);
        assertThat(sized.json().get("sha256").stringValue()).isEqualTo(SHA256);
        assertThat(sized.json().get("size").longValue()).isEqualTo(5);
        assertThat(chunked.json().get("uuid")).isEqualTo(sized.json().get("uuid"));
    }

    @Test
    void anEmptyFileIsAFile() {
        assertThat(client.send("POST", "/files", BodyPublishers.noBody())
                        .json()
                        .get("size")
                        .longValue())
                .isZero();
    }

    @Test
    void bothStylesOfLookUp() {
        String uuid = client.send("POST", "/files", BodyPublishers.ofString("hello"))
                .json()
                .get("uuid")
                .stringValue();

        assertThat(client.get("/files/" + SHA256).json().get("uuid").stringValue())
                .isEqualTo(uuid);
        assertThat(client.get("/files/" + SHA256.toUpperCase(Locale.ROOT)).status())
                .isEqualTo(200);
        assertThat(client.get("/files?sha256=" + SHA256).json().get("uuid").stringValue())
                .isEqualTo(uuid);
        assertThat(client.get("/files?uuid=" + uuid).json().get("sha256").stringValue())
                .isEqualTo(SHA256);
        assertThat(client.head("/files/" + SHA256).status()).isEqualTo(200);
        assertThat(client.head("/files?sha256=" + SHA256).status()).isEqualTo(200);
        assertThat(client.head("/files?uuid=" + uuid).status()).isEqualTo(200);
        assertThat(client.get("/files").json().get("files")).hasSize(1);
        assertThat(client.get("/files?since=1h&limit=1").json().get("files")).hasSize(1);
        assertThat(client.get("/files?until=1h").json().get("files")).isEmpty();
    }

    @Test
    void unknownAndMalformedOnes() {
        String none = "0".repeat(64);

        assertThat(client.get("/files/" + none).status()).isEqualTo(404);
        assertThat(client.head("/files/" + none).status()).isEqualTo(404);
        assertThat(client.get("/files?sha256=" + none).status()).isEqualTo(404);
        assertThat(client.head("/files?sha256=" + none).status()).isEqualTo(404);
        assertThat(client.head("/files?uuid=" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(client.get("/files/..%2F..%2Fetc").status()).isEqualTo(400);
        assertThat(client.get("/files?uuid=x").status()).isEqualTo(400);
    }

    @Test
    void anUploadBeyondTheLimitIs413() throws Exception {
        byte[] tooMuch = new byte[(8 << 20) + 1];

        assertThat(client.send("POST", "/files", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooMuch)))
                        .status())
                .isEqualTo(413);
        // Announced, so refused before a byte of it is sent.
        assertThat(RawHttp.ask(
                        fixture.server.uri(),
                        "POST /v1/files",
                        "Authorization: Bearer " + fixture.token,
                        "Content-Length: 99999999999"))
                .startsWith("HTTP/1.1 413")
                .contains("\"status\":413")
                .contains("max-upload");
    }
}
