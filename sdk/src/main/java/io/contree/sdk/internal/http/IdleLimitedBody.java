package io.contree.sdk.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body as a stream that gives up when nothing arrives for a while, which the JDK's own cannot be told to. Asks for the
 * next chunk only when the last one is read, so a slow reader holds one chunk and no more.
 */
final class IdleLimitedBody extends InputStream implements BodySubscriber<InputStream> {
    /** What the connection handed over: bytes, or that it ended, well or not. */
    private record Arrival(List<ByteBuffer> chunk, @Nullable Throwable failure, boolean last) {}

    private final String action;
    private final Duration idle;
    private final Consumer<IdleLimitedBody> ended;
    private final LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private volatile @Nullable Subscription subscription;
    private List<ByteBuffer> current = List.of();
    private int next;
    private boolean received;
    private @Nullable Arrival end;
    private volatile boolean closed;

    /** @param ended hears when there is nothing more to come */
    IdleLimitedBody(String action, Duration idle, Consumer<IdleLimitedBody> ended) {
        this.action = action;
        this.ended = ended;
        this.idle = idle;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        if (closed) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> chunk) {
        arrivals.add(new Arrival(chunk, null, false));
    }

    @Override
    public void onError(Throwable failure) {
        ended.accept(this);
        arrivals.add(new Arrival(List.of(), failure, true));
    }

    @Override
    public void onComplete() {
        ended.accept(this);
        arrivals.add(new Arrival(List.of(), null, true));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        ByteBuffer bytes = bytes();
        if (bytes == null) {
            return -1;
        }
        int count = Math.min(length, bytes.remaining());
        bytes.get(into, offset, count);
        return count;
    }

    @Override
    public int available() {
        return next < current.size() ? current.get(next).remaining() : 0;
    }

    @Override
    public void close() {
        closed = true;
        ended.accept(this);
        Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
        arrivals.add(new Arrival(List.of(), new IOException("closed"), true));
    }

    /** The next buffer with something in it; null at the end. */
    private @Nullable ByteBuffer bytes() throws IOException {
        while (true) {
            for (; next < current.size(); next++) {
                if (current.get(next).hasRemaining()) {
                    return current.get(next);
                }
            }
            if (end == null) {
                advance();
            }
            if (end != null) {
                if (end.failure() != null) {
                    throw new IOException("the connection broke while reading to " + action, end.failure());
                }
                return null;
            }
        }
    }

    private void advance() throws IOException {
        Subscription open = subscription;
        if (open != null && received) {
            open.request(1);
        }
        Arrival arrival;
        try {
            arrival = arrivals.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw (IOException) new InterruptedIOException("interrupted while reading to " + action).initCause(e);
        }
        if (arrival == null) {
            close();
            throw new IOException("nothing arrived for " + idle.toSeconds() + " s while reading to " + action);
        }
        received = true;
        current = arrival.chunk();
        next = 0;
        if (arrival.last()) {
            end = arrival;
        }
    }
}
