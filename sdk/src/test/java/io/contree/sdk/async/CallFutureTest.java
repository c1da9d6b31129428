package io.contree.sdk.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.ClientClosedException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Completing a future from outside ends its call, wherever in a chain that is done. */
@Timeout(20)
class CallFutureTest {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final Calls calls = new Calls(executor);
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void givesTheValueOrTheFailure() {
        assertThat(calls.call(() -> 7).join()).isEqualTo(7);

        IllegalStateException failure = new IllegalStateException("no");
        CompletableFuture<Object> failed = calls.call(() -> {
            throw failure;
        });
        assertThatThrownBy(failed::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isSameAs(failure);
    }

    static List<UnaryOperator<CompletableFuture<Integer>>> chains() {
        return List.of(
                future -> future,
                future -> future.thenApply(i -> i + 1),
                future -> future.thenApplyAsync(i -> i + 1).thenApply(i -> i),
                future -> future.handle((value, failure) -> value),
                future -> future.whenComplete((value, failure) -> {}),
                future -> future.thenCompose(CompletableFuture::completedFuture),
                future -> future.copy());
    }

    @ParameterizedTest
    @MethodSource("chains")
    void cancellingInterruptsTheCallBehind(UnaryOperator<CompletableFuture<Integer>> chain) throws Exception {
        CompletableFuture<Integer> end = chain.apply(calls.call(this::waitForever));
        started.await();

        assertThat(end.cancel(false)).isTrue();

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(end::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void cancellingInterruptsTheCallThatWasComposed() throws Exception {
        CompletableFuture<Integer> end = calls.call(() -> 1)
                .thenCompose(one -> calls.call(this::waitForever))
                .thenApply(i -> i + 1);
        started.await();

        end.cancel(true);

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancellingInterruptsTheCallThatWasComposedAfterAFailure() throws Exception {
        CompletableFuture<Integer> failed = calls.call(() -> {
            throw new IllegalStateException("no");
        });
        CompletableFuture<Integer> end = failed.exceptionallyCompose(failure -> calls.call(this::waitForever));
        started.await();

        end.cancel(true);

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTimeoutOfTheFutureInterruptsTheCall() throws Exception {
        CompletableFuture<Integer> call = calls.call(this::waitForever);
        started.await();

        CompletableFuture<Integer> late = call.thenApply(i -> i).orTimeout(1, TimeUnit.MILLISECONDS);

        assertThatThrownBy(late::join).hasCauseInstanceOf(TimeoutException.class);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aValueFromOutsideInterruptsTheCall() throws Exception {
        CompletableFuture<Integer> early = calls.call(this::waitForever);
        started.await();

        early.complete(5);

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(early.join()).isEqualTo(5);
    }

    @Test
    void neverInterruptsTheNextCallOfTheThread() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            Calls single = new Calls(one);
            CompletableFuture<Integer> first = single.call(this::waitForever);
            CompletableFuture<Boolean> skipped = single.call(() -> true);
            CompletableFuture<Boolean> next = single.call(Thread::interrupted);
            started.await();

            skipped.cancel(true);
            first.cancel(true);

            assertThat(next.get(10, TimeUnit.SECONDS)).isFalse();
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void aClosedExecutorIsAFailureOfTheFuture() {
        executor.shutdownNow();

        assertThatThrownBy(() -> calls.call(() -> 1).join())
                .hasCauseInstanceOf(ClientClosedException.class)
                .hasMessageContaining("closed");
    }

    private int waitForever() {
        started.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
