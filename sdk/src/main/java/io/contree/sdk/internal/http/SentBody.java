package io.contree.sdk.internal.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/** A body that is being sent, and knows when its last piece went: an upload may take any time while it makes progress. */
final class SentBody implements BodyPublisher {
    private final BodyPublisher body;
    private volatile long lastSent = System.nanoTime();

    SentBody(BodyPublisher body) {
        this.body = body;
    }

    /** {@link System#nanoTime} of the last piece. */
    long lastSent() {
        return lastSent;
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> connection) {
        body.subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                connection.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer piece) {
                lastSent = System.nanoTime();
                connection.onNext(piece);
            }

            @Override
            public void onError(Throwable failure) {
                connection.onError(failure);
            }

            @Override
            public void onComplete() {
                lastSent = System.nanoTime();
                connection.onComplete();
            }
        });
    }
}
