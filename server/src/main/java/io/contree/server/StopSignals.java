package io.contree.server;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks to stop, the second cuts the waiting short, the third ends the process. A shutdown
 * hook could not hear the second.
 */
final class StopSignals {
    private static final int KILLED = 137;

    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicInteger count = new AtomicInteger();
    private final Thread waiting;

    private StopSignals(Thread waiting) {
        this.waiting = waiting;
    }

    /** From now on signals are for the current thread: it waits here, and what it does later is interrupted. */
    static StopSignals forThisThread() {
        StopSignals signals = new StopSignals(Thread.currentThread());
        for (String name : new String[] {"TERM", "INT", "HUP"}) {
            signals.handle(name);
        }
        return signals;
    }

    /** Reflection: the compiler warns of sun.misc in a way that no source can answer, and nothing else hears signals. */
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
            throw new IllegalStateException("this Java offers no signals", e);
        }
    }

    private void received() {
        switch (count.incrementAndGet()) {
            case 1 -> first.countDown();
            case 2 -> waiting.interrupt();
            default -> Runtime.getRuntime().halt(KILLED);
        }
    }

    void await() throws InterruptedException {
        first.await();
    }
}
