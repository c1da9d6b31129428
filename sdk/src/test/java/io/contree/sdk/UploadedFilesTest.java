package io.contree.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UploadedFilesTest {
    /** SHA-256 of "abc" (FIPS 180-4, example). */
    private static final String SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String RECORD = """
            {"uuid": "22222222-2222-8222-8222-222222222222", "sha256": "%s", "size": 3,
             "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z"}""".formatted(SHA);
    private static final String LOOK_UP = "GET /v1/files/" + SHA;
    private static final String SEND = "POST /v1/files";

    private ScriptedServer server;
    private Contree contree;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        contree = TestClient.of(server).build();
    }

    @AfterEach
    void stop() throws IOException {
        contree.close();
        server.close();
    }

    @Test
    void sendsBytesOnlyIfTheServerHasThemNot() {
        server.on(LOOK_UP, Answer.status(404, ""), Answer.json(RECORD)).on(SEND, Answer.status(201, RECORD));

        assertThat(contree.files().upload(FileContent.of("abc")).sha256()).isEqualTo(SHA);
        assertThat(contree.files().upload(FileContent.of("abc")).sha256()).isEqualTo(SHA);

        assertThat(server.lines()).containsExactly(LOOK_UP, SEND, LOOK_UP);
    }

    @Test
    void sendsAStreamOnceAndRefersToItThen() {
        server.on(SEND, Answer.status(201, RECORD)).on(LOOK_UP, Answer.json(RECORD), Answer.status(404, ""));
        FileContent stream = FileContent.of(new ByteArrayInputStream("abc".getBytes(StandardCharsets.UTF_8)));

        contree.files().upload(stream);
        contree.files().upload(stream);

        assertThat(server.lines()).containsExactly(SEND, LOOK_UP);
        assertThat(server.requests().getFirst().body()).isEqualTo("abc");
        assertThatThrownBy(() -> contree.files().upload(stream))
                .isInstanceOf(LocalFileException.class)
                .hasMessageContaining("this one does not have it");
    }

    @Test
    void aStreamWhoseSendingBrokeOffIsLostAndNotSentHalf() {
        server.on(SEND, Answer.reset());
        FileContent stream = FileContent.of(new ByteArrayInputStream("abc".getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> contree.files().upload(stream)).isInstanceOf(TransportException.class);
        assertThatThrownBy(() -> contree.files().upload(stream)).isInstanceOf(LocalFileException.class);

        assertThat(server.lines()).containsExactly(SEND);
    }

    @Test
    void aFileThatIsNotThereIsALocalFailure() {
        assertThatThrownBy(() -> contree.files().upload(Path.of("/nonexistent")))
                .isInstanceOf(LocalFileException.class)
                .hasMessageContaining("/nonexistent");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void listsAndLooksUp() {
        server.on(
                        "GET /v1/files?limit=2&offset=0&since=2026-01-01T00%3A00%3A00Z",
                        Answer.json("{\"files\": [" + RECORD + "]}"))
                .on("HEAD /v1/files/" + SHA, Answer.status(200, ""), Answer.status(404, ""));

        assertThat(contree.files()
                        .list(FileQuery.all()
                                .since(Instant.parse("2026-01-01T00:00:00Z"))
                                .limit(2)))
                .singleElement()
                .satisfies(file -> assertThat(file.size()).isEqualTo(3));
        assertThat(contree.files().exists(SHA)).isTrue();
        assertThat(contree.files().exists(SHA)).isFalse();
    }
}
