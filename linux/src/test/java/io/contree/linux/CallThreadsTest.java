package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CallThreadsTest {
    private final CallThreads threads = new CallThreads("call-threads-test-", () -> {});

    @Test
    void platformThreadsCallThemselvesAndVirtualOnesDoNot() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        CallThreads.Task task = () -> {
            ran.set(Thread.currentThread());
            return 7;
        };

        assertThat(CallThreads.unpinned(task)).isEqualTo(7);
        assertThat(ran.get()).isSameAs(Thread.currentThread());

        Thread.ofVirtual()
                .start(() -> {
                    try {
                        CallThreads.unpinned(task);
                    } catch (LinuxException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .join();
        assertThat(ran.get().isVirtual()).isFalse();
        assertThat(ran.get().isDaemon()).isTrue();
    }

    @Test
    void failuresComeBackAsTheyAre() {
        LinuxException failure = new LinuxException("x", "", 1);

        assertThatThrownBy(() -> threads.run(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatThrownBy(() -> threads.run(() -> {
                    throw new IllegalArgumentException("why");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("why");
    }

    @Test
    void anInterruptIsKeptUntilTheCallIsDone() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        AtomicReference<Long> result = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                result.set(threads.run(() -> {
                    started.countDown();
                    awaitUninterruptibly(release);
                    return 5;
                }));
            } catch (LinuxException e) {
                throw new IllegalStateException(e);
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });

        started.await();
        caller.interrupt();
        release.countDown();
        caller.join();

        assertThat(result.get()).isEqualTo(5);
        assertThat(interrupted.get()).isTrue();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
