package io.contree.sdk.async;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call, at work on whatever thread runs it, that can be interrupted there and nowhere else. */
final class CallTask<T extends @Nullable Object> implements Runnable {
    private final Supplier<? extends T> call;
    private final Consumer<? super T> lost;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Interruption interruption = new Interruption();
    private final CallFuture<T> future = new CallFuture<>(interruption::stop);

    /** @param lost takes the value if nobody else does: the future was completed from outside in the meantime */
    CallTask(Supplier<? extends T> call, Consumer<? super T> lost) {
        this.call = call;
        this.lost = lost;
    }

    /** Complete when the call is over, also if the future was completed long before. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    CompletableFuture<T> future() {
        return future;
    }

    @Override
    public void run() {
        try {
            if (interruption.enter()) {
                T value = call.get();
                interruption.leave();
                if (!future.settle(value)) {
                    lost.accept(value);
                }
            }
        } catch (Throwable e) { // also an Error: somebody may be waiting
            interruption.leave();
            future.fail(e);
        } finally {
            ended.complete(null);
        }
    }
}
