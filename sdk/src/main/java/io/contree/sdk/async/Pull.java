package io.contree.sdk.async;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription (by the rules of Reactive Streams, which {@link java.util.concurrent.Flow} adopts). Runs on a thread as
 * long as there is demand, and is started again by the next.
 */
final class Pull<T> implements Subscription, Runnable {
    private static final Logger log = LoggerFactory.getLogger(Pull.class);

    private final Executor executor;
    private final Supplier<? extends Source<T>> open;
    private final Subscriber<? super T> subscriber;
    private final Interruption interruption = new Interruption();
    private long demand;
    private boolean running;
    private boolean over;
    private @Nullable Throwable refusal;
    private @Nullable Source<T> source;

    Pull(Executor executor, Supplier<? extends Source<T>> open, Subscriber<? super T> subscriber) {
        this.executor = executor;
        this.open = open;
        this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
        synchronized (this) {
            if (count <= 0) {
                refusal = new IllegalArgumentException("asked for " + count + " elements; ask for one at least");
            } else {
                demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            }
            if (running || over) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            finish(Calls.closed(e));
        }
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            interruption.stop();
            if (running) {
                return;
            }
        }
        closeSource();
    }

    @Override
    public void run() {
        if (interruption.enter()) {
            try {
                pull();
            } finally {
                interruption.leave();
            }
        }
        if (interruption.stopped()) {
            closeSource();
        }
    }

    private void pull() {
        while (demanded()) {
            T element;
            try {
                Source<T> from = opened();
                if (!from.hasNext()) {
                    finish(null);
                    return;
                }
                element = from.next();
            } catch (RuntimeException | Error e) {
                finish(e);
                return;
            }
            if (!deliver(element)) {
                return;
            }
        }
    }

    /** Takes one of the demand; without any, this thread is done. */
    private boolean demanded() {
        Throwable refused;
        synchronized (this) {
            refused = refusal;
            if (over || (demand == 0 && refused == null)) {
                running = false;
                return false;
            }
            demand = demand == Long.MAX_VALUE ? demand : demand - 1;
        }
        if (refused != null) {
            finish(refused);
            return false;
        }
        return true;
    }

    private boolean deliver(T element) {
        synchronized (this) {
            if (over) {
                return false;
            }
        }
        try {
            subscriber.onNext(element);
            return true;
        } catch (RuntimeException e) {
            log.warn("a subscriber failed in onNext, which ends its subscription", e);
            cancel();
            return false;
        }
    }

    private Source<T> opened() {
        Source<T> from = source;
        if (from == null) {
            from = open.get();
            source = from;
        }
        return from;
    }

    /** Tells the end, unless the subscriber has gone. */
    private void finish(@Nullable Throwable failure) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        closeSource();
        if (failure == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(failure);
        }
    }

    private void closeSource() {
        Source<T> from;
        synchronized (this) {
            from = source;
            source = null;
        }
        if (from != null) {
            from.close();
        }
    }
}
