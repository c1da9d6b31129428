package io.contree.sdk.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.OperationEvent;
import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.Contree;
import io.contree.sdk.NotFoundException;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of the client that does not wait, against a server that answers as told. */
@Timeout(30)
class AsyncContreeTest {
    private static final UUID OPERATION = UUID.fromString("00000000-0000-0000-0000-0000000000aa");
    private static final UUID IMAGE = UUID.fromString("11111111-1111-8111-8111-111111111111");
    private static final String STATUS = "GET /v1/operations/" + OPERATION;
    private static final String EVENTS = STATUS + "/events";
    private static final String SPAWN = "POST /v1/instances";
    private static final String CANCEL = "DELETE /v1/operations/" + OPERATION;
    private static final Answer ACCEPTED = Answer.status(201, "{\"uuid\": \"" + OPERATION + "\"}");
    private static final Answer RUNNING = Answer.json(record("EXECUTING", "null"));

    private ScriptedServer server;
    private AsyncContree contree;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        contree = Contree.builder()
                .baseUrl(server.uri().toString())
                .token("t")
                .requestTimeout(Duration.ofSeconds(10))
                .build()
                .async();
    }

    @AfterEach
    void stop() throws IOException {
        contree.close();
        server.close();
    }

    static String record(String status, String result) {
        return """
            {"uuid": "%s", "kind": "instance", "status": "%s", "error": null,
             "created_at": "2026-01-02T03:04:05+00:00", "duration": 0.25, "result_image_uuid": "%s",
             "metadata": {"result": %s}}""".formatted(OPERATION, status, IMAGE, result);
    }

    static String ended(String stdout) {
        return record("SUCCESS", """
            {"stdout": {"value": "%s", "encoding": "ascii", "truncated": false},
             "stderr": {"value": "", "encoding": "ascii", "truncated": false},
             "state": {"exit_code": 0, "signal": -1, "pid": 7, "timed_out": false,
                       "core_dump": false, "stopped": false, "continued": false},
             "resources": {}}""".formatted(stdout));
    }

    @Test
    void oneRunFollowsTheOther() {
        server.on(SPAWN, ACCEPTED).on(STATUS, Answer.json(ended("hi")));

        AsyncRunResult result = contree.images()
                .use("ubuntu:latest")
                .shell("echo hi")
                .execute()
                .thenCompose(first -> first.image().command("cat", "x").execute())
                .join();

        assertThat(result.stdout()).isEqualTo("hi");
        assertThat(server.requests(SPAWN).get(1).body()).contains(IMAGE.toString());
    }

    @Test
    void failsWithWhatTheBlockingCallThrows() {
        server.on("GET /v1/inspect/", Answer.status(404, "{\"error\": \"no such tag\", \"status\": 404}"));

        assertThatThrownBy(() -> contree.images().find("x:1").join())
                .hasCauseInstanceOf(NotFoundException.class)
                .hasMessageContaining("no such tag");
    }

    @Test
    void cancellingTheFutureCancelsTheRun() throws Exception {
        CountDownLatch following = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        server.on(SPAWN, ACCEPTED)
                .on(STATUS, RUNNING)
                .on(EVENTS, connection -> {
                    following.countDown();
                    Answer.hang().write(connection);
                })
                .on(CANCEL, connection -> {
                    cancelled.countDown();
                    Answer.status(202, "").write(connection);
                });
        CompletableFuture<String> output =
                contree.images().use(IMAGE).shell("sleep 60").execute().thenApply(AsyncRunResult::stdout);
        following.await();

        output.cancel(true);

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(output::join).isInstanceOf(CancellationException.class);
    }

    /** The moments at which a cancelled call cannot know what it has started. */
    @ParameterizedTest
    @ValueSource(strings = {"execute", "start", "import"})
    void cancellingWhileTheRunIsAcceptedCancelsItWhenItIs(String what) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Answer late = connection -> {
            arrived.countDown();
            awaitCalmly(answer);
            ACCEPTED.write(connection);
        };
        server.on(SPAWN, late).on("POST /v1/images/import", late).on(CANCEL, Answer.status(202, ""));
        AsyncRun run = contree.images().use(IMAGE).shell("sleep 60");
        CompletableFuture<?> call = switch (what) {
            case "execute" -> run.execute();
            case "start" -> run.start();
            default -> contree.images().importFrom("docker://x").execute();
        };
        arrived.await();

        call.cancel(true);
        assertThat(call).isCancelled();
        answer.countDown();
        contree.close();

        assertThat(server.requests(CANCEL)).hasSize(1);
    }

    @Test
    void anAnswerThatComesLongAfterTheInterruptStillCancelsTheRun() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        server.on(SPAWN, connection -> {
                    arrived.countDown();
                    awaitCalmly(ended);
                    ACCEPTED.write(connection);
                })
                .on(CANCEL, connection -> {
                    Answer.status(202, "").write(connection);
                    cancelled.countDown();
                });
        Thread caller = new Thread(() -> {
            try {
                contree.blocking().images().use(IMAGE).shell("sleep 60").execute();
            } catch (CallInterruptedException e) {
                ended.countDown();
            }
        });
        caller.start();
        arrived.await();

        caller.interrupt();

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void awaitCalmly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closingRightAfterCancellingStillCancelsTheRun() throws Exception {
        CountDownLatch following = new CountDownLatch(1);
        server.on(SPAWN, ACCEPTED)
                .on(STATUS, RUNNING)
                .on(EVENTS, connection -> {
                    following.countDown();
                    Answer.hang().write(connection);
                })
                .on(CANCEL, Answer.status(202, ""));
        CompletableFuture<?> run = contree.images().use(IMAGE).shell("sleep 60").execute();
        following.await();

        run.cancel(true);
        contree.close();

        assertThat(server.requests(CANCEL)).hasSize(1);
    }

    @Test
    void publishesEventsAndListsOnDemand() throws Exception {
        server.on(
                EVENTS,
                Answer.events(
                        "0 stdout \"spid\": 1, \"data\": {\"value\": \"a\", \"encoding\": \"ascii\"}",
                        "1 completion \"data\": {\"status\": \"SUCCESS\"}"));
        assertThat(collect(contree.operations().events(OPERATION)))
                .extracting(OperationEvent::type)
                .containsExactly("stdout", "completion");

        server.on("GET /v1/images", Answer.json("""
            {"images": [{"uuid": "%s", "tag": "a:1", "created_at": "2026-01-02T03:04:05Z",
             "operation_uuid": null, "content_digest": "sha256:0"}]}""".formatted(IMAGE)));
        assertThat(collect(contree.images().list()))
                .extracting(image -> image.tag().orElseThrow())
                .containsExactly("a:1");
    }

    @Test
    void carriesAnythingElse() {
        server.on(STATUS, RUNNING);

        assertThat(contree.call(blocking ->
                                blocking.operations().get(OPERATION).status().name())
                        .join())
                .isEqualTo("EXECUTING");
    }

    @Test
    void runsOnTheExecutorThatItIsGiven() {
        List<Runnable> tasks = new ArrayList<>();
        try (AsyncContree own = Contree.builder()
                .baseUrl(server.uri().toString())
                .token("t")
                .asyncExecutor(tasks::add)
                .build()
                .async()) {
            CompletableFuture<?> call = own.operations().get(OPERATION);
            assertThat(call).isNotDone();
            assertThat(tasks).hasSize(1);

            server.on(STATUS, RUNNING);
            tasks.getFirst().run();
            assertThat(call).isCompleted();
        }
    }

    static <T> List<T> collect(Publisher<T> publisher) throws InterruptedException {
        List<T> elements = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch end = new CountDownLatch(1);
        publisher.subscribe(new Subscriber<>() {
            private Subscription subscription;

            @Override
            public void onSubscribe(Subscription subscription) {
                this.subscription = subscription;
                subscription.request(1);
            }

            @Override
            public void onNext(T element) {
                elements.add(element);
                subscription.request(1);
            }

            @Override
            public void onError(Throwable thrown) {
                failure.set(thrown);
                end.countDown();
            }

            @Override
            public void onComplete() {
                end.countDown();
            }
        });
        assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(failure.get()).isNull();
        return elements;
    }
}
