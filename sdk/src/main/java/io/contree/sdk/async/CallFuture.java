package io.contree.sdk.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A future that ends what it waits for when it is completed from outside: cancelled, or timed out. The JDK's own lets
 * the work go on. Futures derived from it do the same, and hand it on to the one that they come from.
 */
final class CallFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    private final Runnable stop;
    private volatile @Nullable Composed composed;

    CallFuture(Runnable stop) {
        this.stop = stop;
    }

    /** Completes it from inside, which stops nothing; false if it was completed before. */
    boolean settle(T value) {
        return super.complete(value);
    }

    /** Fails it from inside, which stops nothing. */
    void fail(Throwable failure) {
        super.completeExceptionally(failure);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CallFuture<>(() -> cancel(true));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean open = !isDone();
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (open) {
            stopAll();
        }
        return cancelled;
    }

    @Override
    public boolean complete(T value) {
        return stopping(super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return stopping(super.completeExceptionally(failure));
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> thenCompose(
            Function<? super T, ? extends CompletionStage<U>> next) {
        Composed inner = new Composed();
        return inner.within(super.thenCompose(inner.noting(next)));
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> thenComposeAsync(
            Function<? super T, ? extends CompletionStage<U>> next) {
        Composed inner = new Composed();
        return inner.within(super.thenComposeAsync(inner.noting(next)));
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> thenComposeAsync(
            Function<? super T, ? extends CompletionStage<U>> next, Executor executor) {
        Composed inner = new Composed();
        return inner.within(super.thenComposeAsync(inner.noting(next), executor));
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> next) {
        Composed inner = new Composed();
        return inner.within(super.exceptionallyCompose(inner.noting(next)));
    }

    private boolean stopping(boolean changed) {
        if (changed) {
            stopAll();
        }
        return changed;
    }

    private void stopAll() {
        stop.run();
        Composed inner = composed;
        if (inner != null) {
            inner.cancel();
        }
    }

    /** The stage that a function returns later, which the future made by composing has no other way to reach. */
    private static final class Composed {
        private boolean cancelled;
        private @Nullable CompletionStage<?> stage;

        <A extends @Nullable Object, B extends @Nullable Object> Function<A, CompletionStage<B>> noting(
                Function<? super A, ? extends CompletionStage<B>> next) {
            return value -> {
                CompletionStage<B> made = next.apply(value);
                note(made);
                return made;
            };
        }

        <U extends @Nullable Object> CompletableFuture<U> within(CompletableFuture<U> outer) {
            ((CallFuture<U>) outer).composed = this;
            return outer;
        }

        private synchronized void note(CompletionStage<?> made) {
            stage = made;
            if (cancelled) {
                cancel();
            }
        }

        synchronized void cancel() {
            cancelled = true;
            if (stage != null) {
                stage.toCompletableFuture().cancel(true);
            }
        }
    }
}
