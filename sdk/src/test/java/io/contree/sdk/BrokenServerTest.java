package io.contree.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls when the server, or what lies between, does not do what it should. */
class BrokenServerTest {
    private static final String WHOAMI = "GET /v1/whoami";
    private static final String SPAWN = "POST /v1/instances";
    private static final Answer ME = Answer.json("""
            {"token_uuid": "00000000-0000-0000-0000-000000000001", "token_expiration": null,
             "permissions": {"list": true}, "limits": {}, "operations_stat": {}}""");

    private ScriptedServer server;
    private Contree contree;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        contree = client(server.uri().toString(), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() throws IOException {
        contree.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidRequestException",
        "401, NotAllowedException",
        "403, NotAllowedException",
        "404, NotFoundException",
        "409, ConflictException",
        "410, NotFoundException",
        "413, InvalidRequestException",
        "422, InvalidRequestException",
        "599, ServerException"
    })
    void everyStatusHasItsKindAndTheServersWords(int status, String kind) {
        server.on(SPAWN, Answer.status(status, "{\"error\": \"the reason\", \"status\": " + status + "}"));

        assertThatThrownBy(this::spawn)
                .isInstanceOf(ContreeClientException.class)
                .hasMessage("could not run a command on image i: the reason")
                .satisfies(failure ->
                        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind));
        assertThat(server.requests(SPAWN)).hasSize(1);
    }

    @Test
    void readsAgainAfterResetsHalfAnswersAndServerErrors() {
        server.on(WHOAMI, Answer.reset(), Answer.half("{"), ME);
        assertThat(contree.whoami().permissions()).containsEntry("list", true);

        server.on(WHOAMI, Answer.status(500, "oops"), Answer.status(503, "{}", "Retry-After: 0"), ME);
        assertThat(contree.whoami().tokenExpiration()).isNull();
        assertThat(server.requests(WHOAMI)).hasSize(6);
    }

    @Test
    void neverRepeatsASpawnThatMayHaveArrived() {
        Answer[] broken = {Answer.reset(), Answer.half("{\"uuid\""), Answer.status(500, ""), Answer.status(503, "")};
        for (Answer answer : broken) {
            server.on(SPAWN, answer);
            int before = server.requests(SPAWN).size();

            assertThatThrownBy(this::spawn)
                    .isInstanceOfAny(TransportException.class, ServerException.class, UnavailableException.class);

            assertThat(server.requests(SPAWN)).hasSize(before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {425, 429})
    void repeatsASpawnThatWasRefusedBeforeAnythingWasDone(int status) {
        server.on(
                SPAWN,
                Answer.status(status, "{}", "Retry-After: 0.1"),
                Answer.status(201, "{\"uuid\": \"00000000-0000-0000-0000-0000000000aa\"}"));

        assertThat(spawn().operation()).isEqualTo(UUID.fromString("00000000-0000-0000-0000-0000000000aa"));
        assertThat(server.requests(SPAWN)).hasSize(2);
    }

    @Test
    void doesNotWaitAsLongAsAServerMayAsk() {
        server.on(SPAWN, Answer.status(429, "{\"error\": \"busy\"}", "Retry-After: 3600"));

        assertThatThrownBy(this::spawn)
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        busy -> assertThat(busy.retryAfter()).contains(Duration.ofHours(1)));
    }

    @Test
    void aHangingServerIsGivenUp() {
        server.on(SPAWN, Answer.hang());
        try (Contree impatient = client(server.uri().toString(), Duration.ofMillis(300))) {
            assertThatThrownBy(() -> impatient.images().use("i").command("x").start())
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("did not answer");
        }
    }

    @Test
    void aStreamThatFallsSilentIsGivenUp() {
        UUID operation = UUID.randomUUID();
        server.on("GET /v1/operations/" + operation + "/events", connection -> {
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 200 OK\r\n\r\n: hello\n\n".getBytes(StandardCharsets.US_ASCII));
            Answer.hang().write(connection);
        });
        try (Contree impatient = client(server.uri().toString(), Duration.ofMillis(100));
                EventStream events = impatient.operations().events(operation)) {
            assertThatThrownBy(events::hasNext)
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("keeps breaking");
        }
    }

    @Test
    void garbageIsNoAnswer() {
        for (String garbage : new String[] {"<html>", "[]", "null", "{\"permissions\": 7}", ""}) {
            server.on(WHOAMI, Answer.json(garbage));
            assertThatThrownBy(() -> contree.whoami()).as(garbage).isInstanceOf(ServerException.class);
        }
    }

    @Test
    void anErrorPageOfAProxyIsShownShortened() {
        server.on(SPAWN, Answer.status(404, "<html>" + "x".repeat(10_000)));

        assertThatThrownBy(this::spawn)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("status 404")
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(700));
    }

    @Test
    void noServerIsNoticedSoonAndNamed() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (Contree nobody = client("http://127.0.0.1:" + free, Duration.ofSeconds(5))) {
            assertThatThrownBy(nobody::whoami)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("no server answers at http://127.0.0.1:" + free);
        }
    }

    @Test
    void followsNoRedirectWithTheToken() throws IOException {
        try (ScriptedServer elsewhere = ScriptedServer.start()) {
            server.on(WHOAMI, Answer.status(302, "", "Location: " + elsewhere.uri() + "/v1/whoami"));

            assertThatThrownBy(() -> contree.whoami()).isInstanceOf(ServerException.class);

            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void aBrokenDownloadLeavesNothing(@TempDir Path directory) throws IOException {
        UUID image = UUID.randomUUID();
        server.on("GET /v1/inspect/" + image + "/download", Answer.half("half of it"));
        Path target = Files.writeString(directory.resolve("f"), "old");

        assertThatThrownBy(() -> contree.images().use(image).download("/f", target))
                .isInstanceOf(TransportException.class);

        assertThat(target).hasContent("old");
        assertThat(directory).isDirectoryContaining(file -> file.equals(target));
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void closingEndsCallsAndThreads() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        server.on(WHOAMI, connection -> {
            arrived.countDown();
            Answer.hang().write(connection);
        });
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Contree closed = client(server.uri().toString(), Duration.ofMinutes(5));
        CompletableFuture<Object> call = CompletableFuture.supplyAsync(() -> closed.whoami());
        arrived.await();

        closed.close();

        assertThat(call)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ClientClosedException.class);
        assertThatThrownBy(closed::whoami).isInstanceOf(ClientClosedException.class);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && thread.getName().matches("HttpClient-.*|contree-http-.*")) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private Execution spawn() {
        return contree.images().use("i").command("x").start();
    }

    private static Contree client(String url, Duration timeout) {
        return Contree.builder(Map.of(), Path.of("/nonexistent"))
                .baseUrl(url)
                .token("t")
                .requestTimeout(timeout)
                .build();
    }
}
