package io.contree.server;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks to stop, the second cuts short what the server waits for and ends the
 * process within {@link #HURRIED}, the third ends it at once. No stop takes longer than its limit, whatever hangs. A
 * shutdown hook would not see the second.
 */
final class StopSignals {
    /** As after {@code kill -9}, which it amounts to: the next start recovers what is left. */
    static final int KILLED = 137;

    /** From the second signal on. */
    static final Duration HURRIED = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
    private static final Duration LAST_WORD = Duration.ofMillis(500);

    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicInteger count = new AtomicInteger();
    private final Thread waiting;
    private final Duration limit;

    private StopSignals(Thread waiting, Duration limit) {
        this.waiting = waiting;
        this.limit = limit;
    }

    /**
     * From now on signals are for the current thread: the first ends its {@link #await}, the second interrupts it.
     *
     * @param limit from the first signal to the end of the process
     */
    static StopSignals forThisThread(Duration limit) {
        StopSignals signals = new StopSignals(Thread.currentThread(), limit);
        for (String name : new String[] {"TERM", "INT", "HUP"}) {
            signals.handle(name);
        }
        return signals;
    }

    /** Reflection: the compiler's warning about sun.misc cannot be suppressed, and nothing else handles signals. */
    private void handle(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        received();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot handle signals", e);
        }
    }

    private void received() {
        switch (count.incrementAndGet()) {
            case 1 -> {
                endAfter(limit);
                first.countDown();
            }
            case 2 -> {
                endAfter(HURRIED);
                waiting.interrupt();
            }
            default -> Runtime.getRuntime().halt(KILLED);
        }
    }

    private static void endAfter(Duration time) {
        Thread.ofPlatform().daemon().name("stop-limit").start(() -> {
            sleep(time);
            // On a thread of its own: standard error may be what hangs.
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> LOG.error(
                            "the stop took longer than {} s: the process ends as if it were killed; the next start recovers what is left",
                            time.toSeconds()));
            sleep(LAST_WORD);
            Runtime.getRuntime().halt(KILLED);
        });
    }

    private static void sleep(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (deadline - System.nanoTime() > 0) {
            try {
                Thread.sleep(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                return; // nobody interrupts it; a stop that ends early is still one
            }
        }
    }

    /** Ends the waiting for a first signal; what follows has the same limit. */
    void stopWaiting() {
        endAfter(limit);
        first.countDown();
    }

    void await() throws InterruptedException {
        first.await();
    }
}
