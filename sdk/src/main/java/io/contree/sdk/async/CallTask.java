package io.contree.sdk.async;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call, at work on whatever thread runs it, that can be interrupted there and nowhere else. */
final class CallTask<T extends @Nullable Object> implements Runnable {
    private final Supplier<? extends T> call;
    private final Interruption interruption = new Interruption();
    private final CallFuture<T> future = new CallFuture<>(interruption::stop);

    CallTask(Supplier<? extends T> call) {
        this.call = call;
    }

    CompletableFuture<T> future() {
        return future;
    }

    @Override
    public void run() {
        if (!interruption.enter()) {
            return;
        }
        try {
            T value = call.get();
            interruption.leave();
            future.settle(value);
        } catch (Throwable e) { // also an Error: somebody may be waiting
            interruption.leave();
            future.fail(e);
        }
    }
}
