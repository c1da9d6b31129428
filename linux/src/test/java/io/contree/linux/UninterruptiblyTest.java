package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class UninterruptiblyTest {
    @Test
    void waitsToTheEndAndKeepsTheInterrupt() {
        CountDownLatch over = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        Thread.ofPlatform().start(over::countDown);

        String got = Uninterruptibly.get(() -> {
            over.await();
            return "over";
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(got).isEqualTo("over");
    }

    @Test
    void throwsWhatTheWaitThrowsAndInterruptsNobodyForIt() {
        assertThatThrownBy(() -> Uninterruptibly.get(() -> {
                    throw new IOException("lost");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("lost");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
