package io.contree.sdk.async;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.function.Supplier;

/**
 * Publishes what a source gives, opened anew for each subscriber at its first demand. While there is no demand nothing is
 * read, and no thread is held.
 */
final class PulledPublisher<T> implements Publisher<T> {
    private final Executor executor;
    private final Supplier<? extends Source<T>> open;

    PulledPublisher(Executor executor, Supplier<? extends Source<T>> open) {
        this.executor = executor;
        this.open = open;
    }

    @Override
    public void subscribe(Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        subscriber.onSubscribe(new Pull<>(executor, open, subscriber));
    }
}
