package io.contree.sdk.fanout;

import static io.contree.sdk.RunsOfScript.image;
import static io.contree.sdk.RunsOfScript.operation;
import static io.contree.sdk.RunsOfScript.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.Image;
import io.contree.sdk.NotAllowedException;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.RunResult;
import io.contree.sdk.RunsOfScript;
import io.contree.sdk.UnavailableException;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakChecker.class)
class FanOutTest {
    private RunsOfScript script;
    private Image base;

    @BeforeEach
    void start() throws IOException {
        script = new RunsOfScript();
        base = script.contree.images().use(image(0));
    }

    @AfterEach
    void stop() throws IOException {
        script.close();
    }

    private FanOut<Integer> over(Integer... items) {
        return FanOut.over(List.of(items), item -> base.shell("echo " + item));
    }

    private void hangs(int n) {
        script.server
                .on(status(n), Answer.hang())
                .on("DELETE /v1/operations/" + operation(n), Answer.status(202, "{}"));
    }

    private static String cancelled(int n) {
        return "DELETE /v1/operations/" + operation(n);
    }

    @Test
    void oneFailureIsAnOutcomeAmongOthers() {
        script.accepts(1, 2, 3).ended(1, 0).endedWithout(2, "FAILED").ended(3, 7);

        List<Outcome<Integer>> outcomes = over(10, 20, 30).atMost(1).execute();

        assertThat(outcomes).extracting(Outcome::item).containsExactly(10, 20, 30);
        assertThat(outcomes).extracting(Outcome::index).containsExactly(0, 1, 2);
        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(true, false, false);
        assertThat(outcomes.get(2).result().exitCode()).isEqualTo(7);
        assertThat(outcomes.get(2).failure()).isEmpty();
        assertThat(outcomes.get(1).failure()).containsInstanceOf(OperationFailedException.class);
        assertThatThrownBy(outcomes.get(1)::result).isInstanceOf(OperationFailedException.class);
    }

    @Test
    void runsAsManyAtOnceAsItMayAndNoMore() {
        script.accepts(1, 2, 3, 4, 5, 6);
        CyclicBarrier two = new CyclicBarrier(2);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int n = 1; n <= 6; n++) {
            Answer end = RunsOfScript.record(n, "SUCCESS", "\"" + image(n) + "\"", 0);
            script.server.on(status(n), connection -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                meet(two);
                now.decrementAndGet();
                end.write(connection);
            });
        }

        assertThat(over(1, 2, 3, 4, 5, 6).atMost(2).execute()).hasSize(6);

        assertThat(most).hasValue(2);
    }

    private static void meet(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IOException(e);
        }
    }

    @Test
    void theFirstThatFitsEndsTheOthers() {
        script.accepts(1, 2, 3).ended(2, 0);
        hangs(1);
        hangs(3);

        Outcome<Integer> found =
                over(1, 2, 3).atMost(3).first(RunResult::succeeded).orElseThrow();

        assertThat(found.result().image().uuid()).isEqualTo(image(2));
        assertThat(script.server.lines()).contains(cancelled(1));
        assertThat(script.startedOn().size())
                .isEqualTo(1
                        + (int) Stream.of(1, 3)
                                .filter(n -> script.server.lines().contains(cancelled(n)))
                                .count());
    }

    @Test
    void noneMayFit() {
        script.accepts(1, 2).ended(1, 1).ended(2, 2);

        assertThat(over(1, 2).first(RunResult::succeeded)).isEmpty();
        assertThat(FanOut.<Integer>over(List.of(), item -> base.shell("x")).execute())
                .isEmpty();
    }

    @Test
    void aRunThatIsBeingStartedWhenAllEndsIsCancelledAsWell() throws Exception {
        CountDownLatch decided = new CountDownLatch(1);
        CountDownLatch starting = new CountDownLatch(1);
        script.accepts(1).ended(1, 0);
        Answer first = Answer.status(201, "{\"uuid\": \"" + operation(1) + "\"}");
        script.server.on(RunsOfScript.SPAWN, first, connection -> {
            starting.countDown();
            await(decided);
            Answer.status(201, "{\"uuid\": \"" + operation(2) + "\"}").write(connection);
        });
        hangs(2);

        Outcomes<Integer> outcomes =
                over(1, 2).atMost(2).stopWhen(result -> awaited(starting)).start();
        assertThat(outcomes.hasNext()).isTrue();
        decided.countDown();
        outcomes.close();

        assertThat(script.server.lines()).endsWith(cancelled(2));
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void theFirstFailureEndsAllIfAsked() {
        script.accepts(1, 2).endedWithout(1, "FAILED");
        hangs(2);

        assertThatThrownBy(() -> over(1, 2, 3).atMost(2).failFast().execute())
                .isInstanceOf(OperationFailedException.class);

        assertThat(script.startedOn()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void waitsForABusyServer() {
        Answer busy = Answer.status(503, "{\"error\": \"full\", \"status\": 503}");
        script.server.on(RunsOfScript.SPAWN, busy, Answer.status(201, "{\"uuid\": \"" + operation(1) + "\"}"));
        script.ended(1, 0);

        assertThat(over(1).execute()).allMatch(Outcome::succeeded);
        assertThat(script.startedOn()).hasSize(2);
    }

    @Test
    void waitsNoLongerThanItMay() {
        script.server.on(
                RunsOfScript.SPAWN, Answer.status(429, "{\"error\": \"full\", \"status\": 429}", "Retry-After: 3600"));

        Outcome<Integer> outcome =
                over(1).patience(Duration.ofMinutes(1)).execute().get(0);

        assertThat(outcome.failure()).containsInstanceOf(UnavailableException.class);
        assertThat(script.startedOn()).hasSize(1);
    }

    @Test
    void aRunThatCannotBeFollowedIsCancelled() {
        script.accepts(1);
        script.server
                .on(status(1), Answer.status(400, "{\"error\": \"odd\", \"status\": 400}"))
                .on(cancelled(1), Answer.status(403, "{\"error\": \"no\", \"status\": 403}"));

        Outcome<Integer> outcome = over(1).execute().get(0);

        assertThat(outcome.failure().orElseThrow()).hasMessageContaining("odd");
        assertThat(outcome.failure().orElseThrow().getSuppressed())
                .hasAtLeastOneElementOfType(NotAllowedException.class);
    }

    @Test
    void drawsEndlessItemsAsThereIsRoomAndNotFarAhead() {
        script.server.on(RunsOfScript.SPAWN, Answer.status(201, "{\"uuid\": \"" + operation(1) + "\"}"));
        script.ended(1, 0);
        script.server.on(cancelled(1), Answer.status(202, "{}"));
        AtomicInteger drawn = new AtomicInteger();
        Iterable<Integer> endless =
                () -> IntStream.generate(drawn::incrementAndGet).iterator();

        try (Outcomes<Integer> outcomes =
                FanOut.over(endless, n -> base.shell("echo " + n)).atMost(2).start()) {
            assertThat(outcomes.stream().limit(5)).hasSize(5);
        }
        assertThat(drawn.get()).isBetween(5, 5 + 2 + 2 + 1);
    }

    @Test
    void closingCancelsAndNothingComesAfterwards() throws Exception {
        CountDownLatch running = new CountDownLatch(2);
        script.accepts(1, 2);
        for (int n = 1; n <= 2; n++) {
            hangs(n);
            script.server.on(status(n), connection -> {
                running.countDown();
                Answer.hang().write(connection);
            });
        }
        Outcomes<Integer> outcomes = over(1, 2, 3).atMost(2).start();
        running.await();

        outcomes.close();

        assertThat(script.server.lines()).contains(cancelled(1), cancelled(2));
        assertThat(script.startedOn()).hasSize(2);
        assertThat(outcomes.hasNext()).isFalse();
        outcomes.close();
    }

    @Test
    void anInterruptOfWhoeverWaitsCancelsAll() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        script.accepts(1);
        hangs(1);
        script.server.on(status(1), connection -> {
            running.countDown();
            Answer.hang().write(connection);
        });
        Thread waiting = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(() -> over(1).execute()).isInstanceOf(CallInterruptedException.class));
        running.await();
        waiting.interrupt();
        waiting.join();

        assertThat(script.server.lines()).endsWith(cancelled(1));
    }

    @Test
    void whatTheCallersCodeThrowsIsThrown() {
        script.accepts(1, 1, 1, 1).ended(1, 0);
        script.server.on(cancelled(1), Answer.status(202, "{}"));
        Iterable<Integer> broken = () -> Stream.of(1, 2)
                .map(n -> {
                    if (n == 2) {
                        throw new IllegalStateException("no more");
                    }
                    return n;
                })
                .iterator();

        assertThatThrownBy(() -> FanOut.over(broken, n -> base.shell("x")).execute())
                .hasMessage("no more");
        assertThatThrownBy(() -> over(1).stopWhen(result -> {
                            throw new AssertionError("bad predicate");
                        })
                        .execute())
                .hasMessage("bad predicate");
        assertThatThrownBy(() -> over(1, 2).forEach(outcome -> {
                    throw new IllegalStateException("bad listener");
                }))
                .hasMessage("bad listener");
        assertThat(FanOut.<Integer>over(List.of(1), n -> {
                            throw new IllegalStateException("bad run");
                        })
                        .execute()
                        .get(0)
                        .failure())
                .isPresent();
        assertThatThrownBy(() -> over(1).atMost(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
