package io.contree.sdk.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.ClientClosedException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules of Reactive Streams, as far as a publisher has to keep them. */
@Timeout(20)
class PulledPublisherTest {
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final AtomicInteger read = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    /** Numbers from 0 on, counted when they are read. */
    private PulledPublisher<Integer> numbers(int count) {
        return new PulledPublisher<>(
                executor,
                () -> source(IntStream.range(0, count)
                        .peek(i -> read.incrementAndGet())
                        .iterator()));
    }

    private Source<Integer> source(Iterator<Integer> elements) {
        return Source.of(elements, Function.identity(), closed::countDown);
    }

    /** Writes down what it hears. */
    private static final class Listener implements Subscriber<Object> {
        final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        Subscription subscription;

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void onNext(Object element) {
            heard.add(element);
        }

        @Override
        public void onError(Throwable failure) {
            heard.add(failure);
        }

        @Override
        public void onComplete() {
            heard.add("complete");
        }

        Object next() throws InterruptedException {
            return heard.poll(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void readsNoMoreThanIsDemanded() throws Exception {
        Listener listener = new Listener();
        numbers(1000).subscribe(listener);
        assertThat(read).hasValue(0);

        listener.subscription.request(3);

        assertThat(List.of(listener.next(), listener.next(), listener.next())).containsExactly(0, 1, 2);
        listener.subscription.request(1);
        assertThat(listener.next()).isEqualTo(3);
        assertThat(read).hasValue(4);
        listener.subscription.cancel();
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void endsWithCompleteAndClosesItsSource() throws Exception {
        Listener listener = new Listener();
        numbers(2).subscribe(listener);

        listener.subscription.request(Long.MAX_VALUE);
        listener.subscription.request(Long.MAX_VALUE);

        assertThat(List.of(listener.next(), listener.next(), listener.next())).containsExactly(0, 1, "complete");
        assertThat(closed.getCount()).isZero();
        listener.subscription.request(1);
        listener.subscription.cancel();
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void eachSubscriberGetsAllOfIt() throws Exception {
        PulledPublisher<Integer> numbers = numbers(1);
        for (int i = 0; i < 2; i++) {
            Listener listener = new Listener();
            numbers.subscribe(listener);
            listener.subscription.request(5);
            assertThat(List.of(listener.next(), listener.next())).containsExactly(0, "complete");
        }
    }

    @Test
    void tellsAFailure() throws Exception {
        IllegalStateException failure = new IllegalStateException("broken");
        Listener listener = new Listener();
        new PulledPublisher<Integer>(executor, () -> {
                    throw failure;
                })
                .subscribe(listener);

        listener.subscription.request(1);

        assertThat(listener.next()).isSameAs(failure);
    }

    @Test
    void refusesADemandThatIsNone() throws Exception {
        Listener listener = new Listener();
        numbers(5).subscribe(listener);

        listener.subscription.request(0);

        assertThat(listener.next()).isInstanceOf(IllegalArgumentException.class);
        listener.subscription.request(1);
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void cancellingInterruptsWhatItWaitsFor() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        Listener listener = new Listener();
        new PulledPublisher<>(
                        executor,
                        () -> source(new Iterator<>() {
                            @Override
                            public boolean hasNext() {
                                waiting.countDown();
                                try {
                                    new CountDownLatch(1).await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                throw new IllegalStateException("interrupted");
                            }

                            @Override
                            public Integer next() {
                                throw new AssertionError();
                            }
                        }))
                .subscribe(listener);
        listener.subscription.request(1);
        waiting.await();

        listener.subscription.cancel();

        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void aSubscriberThatFailsIsCancelled() throws Exception {
        numbers(5).subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(5);
            }

            @Override
            public void onNext(Integer element) {
                throw new IllegalStateException("a subscriber's mistake");
            }

            @Override
            public void onError(Throwable failure) {
                read.set(-1);
            }

            @Override
            public void onComplete() {
                read.set(-1);
            }
        });

        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(read).hasValue(1);
    }

    @Test
    void aClosedExecutorIsAFailure() throws Exception {
        executor.shutdownNow();
        Listener listener = new Listener();
        numbers(5).subscribe(listener);

        listener.subscription.request(1);

        assertThat(listener.next()).isInstanceOf(ClientClosedException.class);
    }
}
