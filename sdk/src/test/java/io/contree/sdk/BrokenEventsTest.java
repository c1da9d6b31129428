package io.contree.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.contree.api.OperationEvent;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Event streams that break, stall, repeat themselves or make no sense. */
@ExtendWith(LeakChecker.class)
@Timeout(20)
class BrokenEventsTest {
    private static final UUID OPERATION = UUID.fromString("00000000-0000-0000-0000-0000000000aa");
    private static final String STATUS = "GET /v1/operations/" + OPERATION;
    private static final String EVENTS = STATUS + "/events";
    private static final String SSE = "Content-Type: text/event-stream\r\n";
    private static final String END = "\"data\": {\"status\": \"SUCCESS\"}";

    /** For what does not come: whatever else takes so long fails in the same kind. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private ScriptedServer server;
    private Contree contree;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start().on(STATUS, status("EXECUTING"));
        contree = client(Duration.ofSeconds(15));
    }

    private Contree client(Duration requestTimeout) {
        return TestClient.of(server)
                .requestTimeout(requestTimeout)
                .retries(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(10)))
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        contree.close();
        server.close();
    }

    private static Answer status(String status) {
        return Answer.json("""
                {"uuid": "%s", "kind": "instance", "status": "%s", "error": null,
                 "created_at": "2026-01-02T03:04:05+00:00", "duration": 0.4, "metadata": {}}""".formatted(OPERATION, status));
    }

    private List<Long> follow() {
        return follow(contree);
    }

    private static List<Long> follow(Contree client) {
        List<Long> ids = new ArrayList<>();
        try (EventStream events = client.operations().events(OPERATION)) {
            events.forEachRemaining(event -> ids.add(event.id()));
        }
        return ids;
    }

    @Test
    void goesOnAfterEveryKindOfBreak() {
        server.on(
                EVENTS,
                Answer.events("0 a \"data\": {}"),
                Answer.reset(),
                Broken.raw(SSE + "Transfer-Encoding: chunked\r\n", "ff\r\nid: 1\nevent: b\nda"),
                Answer.events("1 b \"data\": {}"),
                Answer.status(503, "{}"),
                Answer.status(425, "{}", "Retry-After: 0"),
                Broken.hangAfter(SSE, ": keepalive\n\n"),
                Answer.events("2 c \"data\": {}"),
                Broken.raw(SSE, "event: sse_error\ndata: overloaded\n\n"),
                Answer.events("3 completion " + END));

        try (Contree client = client(Duration.ofSeconds(2))) { // the silence after which a stream has stalled
            assertThat(follow(client)).containsExactly(0L, 1L, 2L, 3L);
        }
        assertThat(server.requests(EVENTS).getLast().headers()).containsEntry("last-event-id", "2");
    }

    @Test
    void givesEveryEventOnceAlthoughTheServerRepeatsThem() {
        server.on(
                EVENTS,
                Answer.events("0 a \"data\": {}", "1 b \"data\": {}"),
                Answer.events("0 a \"data\": {}", "1 b \"data\": {}", "1 b \"data\": {}", "2 completion " + END));

        assertThat(follow()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aServerThatOnlyEverRepeatsIsGivenUp() {
        server.on(EVENTS, Answer.events("0 a \"data\": {}"));

        assertThatThrownBy(this::follow).isInstanceOf(TransportException.class).hasMessageContaining("keeps breaking");
    }

    @Test
    void endsIfTheOperationHasEndedWhateverBecameOfItsLog() {
        server.on(EVENTS, Answer.events("0 a \"data\": {}")).on(STATUS, status("SUCCESS"));

        assertThat(follow()).containsExactly(0L);
        assertThat(contree.operations().await(OPERATION).uuid()).isEqualTo(OPERATION);
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                arguments(Broken.raw(SSE, "data: {not json\n\n"), ServerException.class),
                arguments(Broken.raw(SSE, "data: {\"id\": 1}\n\n"), ServerException.class),
                arguments(Broken.raw("Content-Type: text/html\r\n", "<html>"), ServerException.class),
                arguments(Broken.endless(SSE, "data: x"), ServerException.class),
                arguments(Broken.gzip(SSE, ": x\n\n", 5), TransportException.class),
                arguments(Broken.raw(SSE, ": only\n\n: comments\n\n"), TransportException.class),
                arguments(Answer.hang(), TransportException.class),
                arguments(Broken.hangAfter(SSE, "data: "), TransportException.class),
                arguments(Answer.status(503, "{}"), UnavailableException.class),
                arguments(Answer.status(404, "{}"), NotFoundException.class),
                arguments(Answer.status(401, "{}"), NotAllowedException.class));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseIsGivenUpInItsKind(Answer answer, Class<? extends Throwable> kind) {
        server.on(EVENTS, answer);

        try (Contree client = client(kind == TransportException.class ? SHORT : Duration.ofSeconds(15))) {
            assertThatThrownBy(() -> follow(client)).isInstanceOf(kind);
        }
    }

    static List<Answer> thingsThatGoOnForEver() {
        return List.of(
                Broken.drip(SSE, ": keepalive\n\n"), // what a slow operation looks like
                Broken.drip(SSE, "x"), // a line without end
                Answer.hang());
    }

    @ParameterizedTest
    @MethodSource("thingsThatGoOnForEver")
    void aLimitedWaitEndsWhateverTheStreamDoes(Answer answer) {
        server.on(EVENTS, answer).on("DELETE /v1/operations/" + OPERATION, Answer.status(202, ""));
        Execution execution = contree.operations().attach(OPERATION);

        assertThatThrownBy(() -> execution.await(Duration.ofMillis(200))).isInstanceOf(WaitTimeoutException.class);

        assertThat(server.lines()).endsWith("DELETE /v1/operations/" + OPERATION);
    }

    @Test
    void aLimitedWaitOnAServerThatNeverAnswersEndsToo() {
        server.on(STATUS, Answer.hang()).on("DELETE /v1/operations/" + OPERATION, Answer.hang());

        try (Contree client = client(SHORT)) {
            assertThatThrownBy(() -> client.operations().attach(OPERATION).await(Duration.ofMillis(100)))
                    .isInstanceOf(WaitTimeoutException.class);
        }
    }

    @Test
    void closingEndsTheWaitOfAnotherThread() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        server.on(EVENTS, connection -> {
            Broken.raw(SSE, "").write(connection);
            open.countDown();
            Broken.drip("", "").write(connection);
        });
        EventStream events = contree.operations().events(OPERATION);
        List<OperationEvent> got = new ArrayList<>();
        Thread reader = new Thread(() -> events.forEachRemaining(got::add));
        reader.start();
        open.await();

        events.close();

        reader.join(10_000);
        assertThat(reader.isAlive()).isFalse();
        assertThat(got).isEmpty();
    }
}
