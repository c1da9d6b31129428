package io.contree.sdk.async;

import io.contree.sdk.ClientClosedException;
import io.contree.sdk.EventStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Carries blocking calls on the threads of an executor. */
final class Calls {
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private final Executor executor;
    private final Set<CallTask<?>> underWay = ConcurrentHashMap.newKeySet();

    Calls(Executor executor) {
        this.executor = executor;
    }

    /** The outcome of a call; completing it from outside interrupts the call. */
    <T extends @Nullable Object> CompletableFuture<T> call(Supplier<? extends T> call) {
        return call(call, value -> {});
    }

    /** As {@link #call(Supplier)}; a value that comes after the future was completed from outside is handed to {@code lost}. */
    <T extends @Nullable Object> CompletableFuture<T> call(Supplier<? extends T> call, Consumer<? super T> lost) {
        CallTask<T> task = new CallTask<>(call, lost);
        try {
            executor.execute(task);
            underWay.add(task);
            var unused = task.ended().thenRun(() -> underWay.remove(task));
            return task.future();
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(closed(e));
        }
    }

    /** Gives calls whose futures are complete already, such as by cancelling, a moment to clean up after themselves. */
    void awaitStopped() {
        CompletableFuture<?>[] stopping = underWay.stream()
                .filter(task -> task.future().isDone())
                .map(CallTask::ended)
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(stopping).get(CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // They end together with the connections.
        }
    }

    CompletableFuture<Void> run(Runnable call) {
        return call(() -> {
            call.run();
            return null;
        });
    }

    /** The entries of a list, asked for page by page on demand. */
    <S, T> Publisher<T> each(Supplier<Stream<S>> list, Function<? super S, ? extends T> twin) {
        return new PulledPublisher<>(executor, () -> {
            Stream<S> stream = list.get();
            Iterator<S> elements = stream.iterator();
            return Source.of(elements, twin, stream::close);
        });
    }

    Publisher<io.contree.api.OperationEvent> events(Supplier<EventStream> log) {
        return new PulledPublisher<>(executor, () -> {
            EventStream events = log.get();
            return Source.of(events, Function.identity(), events::close);
        });
    }

    Publisher<java.nio.ByteBuffer> bytes(Supplier<InputStream> body) {
        return new PulledPublisher<>(executor, () -> new ByteSource(body.get()));
    }

    static ClientClosedException closed(RejectedExecutionException cause) {
        return new ClientClosedException("could not start the call: this client, or its executor, is closed", cause);
    }
}
