package io.contree.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PartsTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofHours(1);

    private final Parts parts = new Parts();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);

    /** Like a native call that hangs: an interrupt has no effect. */
    private void hang() {
        while (never.getCount() > 0) {
            try {
                never.await();
            } catch (InterruptedException e) {
                closed.add("interrupted");
            }
        }
    }

    @Test
    void theyAreClosedInReverseAndOnce() {
        parts.guard(() -> closed.add("guard"));
        parts.add(() -> closed.add("first"));
        parts.add(() -> {
            throw new IllegalStateException("it fails");
        });
        parts.add(() -> closed.add("last"));
        parts.close();
        parts.close();

        assertThat(closed).containsExactly("last", "first", "guard");
    }

    @Test
    void oneThatHangsKeepsNoOtherOpenButTheGuardStays() {
        parts.guard(() -> closed.add("guard"));
        parts.add(() -> closed.add("first"), LONG);
        parts.add(this::hang, SHORT);
        parts.add(() -> closed.add("last"), LONG);
        parts.close();

        assertThat(closed).containsExactly("last", "first");
        never.countDown();
    }

    @Test
    void anInterruptShortensTheRestAndIsPassedOn() throws Exception {
        parts.guard(() -> closed.add("guard"));
        parts.add(() -> closed.add("first"), LONG);
        parts.add(this::hang, LONG);
        Thread closing = Thread.ofPlatform().start(() -> {
            parts.close();
            closed.add(Thread.currentThread().isInterrupted() ? "passed on" : "swallowed");
        });
        closing.interrupt();
        closing.join();

        assertThat(closed).containsExactly("interrupted", "first", "passed on");
        never.countDown();
    }
}
