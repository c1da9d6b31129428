package io.contree.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.contree.sdk.async.AsyncContree;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are broken in every way: the kind that fits, soon, from both clients, and no thread left behind. */
@ExtendWith(LeakChecker.class)
@Timeout(20)
class BrokenAnswersTest {
    private static final String ME = """
            {"token_uuid": "00000000-0000-0000-0000-000000000001", "token_expiration": null,
             "permissions": {"list": true}, "limits": {}, "operations_stat": {}}""";
    private static final String WHOAMI = "GET /v1/whoami";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final UUID IMAGE = UUID.fromString("11111111-1111-8111-8111-111111111111");
    private static final String DOWNLOAD = "GET /v1/inspect/" + IMAGE + "/download";

    /** For answers that do not come: whatever else takes so long fails in the same kind. */
    private static final Duration SHORT = Duration.ofMillis(500);

    /** For answers that do come, also on a machine that is busy with other things. */
    private static final Duration PATIENT = Duration.ofSeconds(15);

    private ScriptedServer server;
    private Contree contree;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        contree = client(PATIENT);
    }

    @AfterEach
    void stop() throws IOException {
        contree.close();
        server.close();
    }

    private Contree client(Duration requestTimeout) {
        return TestClient.of(server)
                .requestTimeout(requestTimeout)
                .retries(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(10)))
                .build();
    }

    private Contree clientFor(Class<? extends Throwable> kind) {
        return client(kind == TransportException.class ? SHORT : PATIENT);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                arguments("reset", Answer.reset(), TransportException.class),
                arguments("half a body", Answer.half("{"), TransportException.class),
                arguments("half a chunk", Broken.halfChunk("{\"token"), TransportException.class),
                arguments("half a gzip", Broken.gzip(JSON, ME, 30), TransportException.class),
                arguments("gzip without its trailer", Broken.gzip(JSON, ME, 8), TransportException.class),
                arguments("no HTTP", Broken.noHttp(), TransportException.class),
                arguments("hanging head", Answer.hang(), TransportException.class),
                arguments(
                        "hanging body",
                        Broken.hangAfter(JSON + "Content-Length: 900\r\n", "{"),
                        TransportException.class),
                arguments("dripping body", Broken.drip(JSON, " "), TransportException.class),
                arguments(
                        "no gzip",
                        Broken.raw("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"),
                        ServerException.class),
                arguments(
                        "brotli",
                        Broken.raw("Content-Encoding: br\r\nContent-Length: 2\r\n", "{}"),
                        ServerException.class),
                arguments(
                        "a web page",
                        Broken.raw("Content-Type: text/html\r\nContent-Length: 6\r\n", "<html>"),
                        ServerException.class),
                arguments(
                        "JSON as text",
                        Broken.raw("Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}"),
                        ServerException.class),
                arguments("another object", Answer.json("{\"a\": 1}"), ServerException.class),
                arguments("deep JSON", Answer.json("[".repeat(5000)), ServerException.class),
                arguments("redirect", Answer.status(307, "", "Location: http://127.0.0.1:1/"), ServerException.class),
                arguments("busy", Answer.status(429, "{}", "Retry-After: 0"), UnavailableException.class),
                arguments("too early", Answer.status(425, "{}"), UnavailableException.class),
                arguments(
                        "down",
                        Answer.status(503, "{}", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"),
                        UnavailableException.class),
                arguments("down for long", Answer.status(503, "{}", "Retry-After: 86400"), UnavailableException.class),
                arguments("an endless error page", Broken.endlessError(), ServerException.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void theBlockingClientTellsTheKind(String name, Answer answer, Class<? extends Throwable> kind) {
        server.on(WHOAMI, answer);

        try (Contree client = clientFor(kind)) {
            assertThatThrownBy(client::whoami).isInstanceOf(kind);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void theOtherClientTellsTheKind(String name, Answer answer, Class<? extends Throwable> kind) {
        server.on(WHOAMI, answer);
        try (AsyncContree async = clientFor(kind).async()) {
            assertThatThrownBy(() -> async.whoami().join()).hasCauseInstanceOf(kind);
        }
    }

    @Test
    void anAnswerWithoutEndDoesNotFillTheHeap() {
        server.on(WHOAMI, Broken.endless(JSON, "[1, 2, "));

        assertThatThrownBy(contree::whoami).isInstanceOf(ServerException.class).hasMessageContaining("longer than");
    }

    @Test
    void takesCompressedAnswersAlthoughItAsksForNone() throws IOException {
        server.on(WHOAMI, Broken.gzip(JSON, ME, 0))
                .on(DOWNLOAD, Broken.gzip("Content-Type: application/octet-stream\r\n", "text", 0));

        assertThat(contree.whoami().permissions()).containsEntry("list", true);
        assertThat(contree.images().use(IMAGE).readText("/f")).isEqualTo("text");
        assertThat(server.requests(WHOAMI).getFirst().headers()).doesNotContainKey("accept-encoding");
    }

    static Stream<Arguments> brokenDownloads() {
        String file = "Content-Type: application/octet-stream\r\n";
        return Stream.of(
                arguments(Answer.half("abc"), TransportException.class),
                arguments(Broken.halfChunk("abc"), TransportException.class),
                arguments(Broken.gzip(file, "some text of a file", 9), TransportException.class),
                arguments(Broken.hangAfter(file + "Content-Length: 9\r\n", "abc"), TransportException.class),
                arguments(
                        Broken.raw("Content-Type: text/html\r\nContent-Length: 5\r\n", "login"),
                        ServerException.class));
    }

    @ParameterizedTest
    @MethodSource("brokenDownloads")
    void aBrokenDownloadLeavesNothing(Answer answer, Class<? extends Throwable> kind, @TempDir Path directory)
            throws IOException {
        server.on(DOWNLOAD, answer).on("GET /v1/inspect/" + IMAGE + "/archive", answer);
        Path target = Files.writeString(directory.resolve("f"), "old");
        try (Contree client = clientFor(kind)) {
            Image image = client.images().use(IMAGE);

            assertThatThrownBy(() -> image.download("/f", target)).isInstanceOf(kind);
            assertThatThrownBy(() -> image.read("/f")).isInstanceOf(kind);
            assertThatThrownBy(() -> image.downloadTree("/f", directory.resolve("tree")))
                    .isInstanceOfAny(TransportException.class, ServerException.class);
        }

        assertThat(target).hasContent("old");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(target);
        }
    }

    @Test
    void aStreamThatIsClosedEarlyEndsItsConnection() throws IOException {
        server.on(DOWNLOAD, Broken.endless("Content-Type: application/octet-stream\r\n", "x"));

        try (InputStream file = contree.images().use(IMAGE).open("/f")) {
            assertThat(file.readNBytes(100_000)).hasSize(100_000);
        }
    }

    @Test
    void closingTheClientEndsStreamsToo() throws IOException {
        server.on(DOWNLOAD, Broken.hangAfter("Content-Type: application/octet-stream\r\n", "abc"));

        try (InputStream file = contree.images().use(IMAGE).open("/f")) {
            assertThat(file.readNBytes(3)).hasSize(3);
            contree.close();
            assertThatThrownBy(file::read).isInstanceOf(IOException.class).hasMessageContaining("broke");
        }
    }

    @Test
    void anUploadMayTakeLongerThanOneAnswer() {
        server.on("POST /v1/files", Answer.status(201, """
                {"uuid": "22222222-2222-8222-8222-222222222222", "sha256": "aa", "size": 3}"""));
        InputStream slow = new InputStream() {
            private int left = 24;

            @Override
            public int read() throws IOException {
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int one = read();
                into[offset] = (byte) one;
                return one < 0 ? -1 : 1;
            }
        };

        try (Contree client = client(Duration.ofSeconds(2))) {
            assertThat(client.files().upload(FileContent.of(slow)).sha256()).isEqualTo("aa");
        }
        assertThat(server.requests("POST /v1/files").getFirst().body()).hasSize(24);
    }
}
