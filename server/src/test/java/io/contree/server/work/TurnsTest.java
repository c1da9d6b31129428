package io.contree.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.testkit.SeededRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration NONE = Duration.ZERO;

    private final UUID one = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();
    private final UUID third = UUID.randomUUID();

    @Test
    void aProjectHasItsPartAndAllHaveTheWhole() throws Exception {
        Turns turns = new Turns(3, 2);

        assertThat(turns.take(one, NONE)).isTrue();
        assertThat(turns.take(one, NONE)).isTrue();
        assertThat(turns.take(one, NONE)).isFalse();
        assertThat(turns.take(other, NONE)).isTrue();
        assertThat(turns.take(other, NONE)).isFalse();
        turns.give(one);
        assertThat(turns.take(one, NONE)).isTrue();
        turns.give(other);
        assertThat(turns.take(other, NONE)).isTrue();
    }

    @Test
    void projectsComeInTurnAndEachInItsOrder() throws Exception {
        Turns turns = new Turns(1, 1);
        turns.take(one, NONE);
        BlockingQueue<String> served = new LinkedBlockingQueue<>();
        List<Thread> waiting = new ArrayList<>();
        for (String name : List.of("one 1", "one 2", "other 1", "third 1", "one 3")) {
            UUID project = Map.of("one", one, "other", other, "third", third).get(name.split(" ")[0]);
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    assertThat(turns.take(project, LONG)).isTrue();
                    served.add(name);
                    turns.give(project);
                } catch (InterruptedException e) {
                    served.add("interrupted");
                }
            });
            waiting.add(thread);
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        turns.give(one);
        for (Thread thread : waiting) {
            thread.join();
        }

        assertThat(served).containsExactly("one 1", "other 1", "third 1", "one 2", "one 3");
    }

    @Test
    void whoIsInterruptedOrTiredTakesNothing() throws Exception {
        Turns turns = new Turns(1, 1);
        turns.take(one, NONE);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> turns.take(other, LONG)).isInstanceOf(InterruptedException.class);
        assertThat(turns.take(other, NONE)).isFalse();
        turns.give(one);

        assertThat(turns.take(other, NONE)).isTrue();
    }

    @Test
    void neitherBoundIsEverPassedAndNothingIsLost() throws Exception {
        SeededRandom random = new SeededRandom(11);
        Turns turns = new Turns(3, 2);
        Map<UUID, AtomicInteger> now = new ConcurrentHashMap<>();
        AtomicInteger all = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger mostOfOne = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            UUID project = random.pick(List.of(one, one, other, third));
            Duration patience = random.chance(30) ? Duration.ofNanos(random.between(0, 200_000)) : LONG;
            boolean interrupted = random.chance(20);
            Thread thread = Thread.ofVirtual().unstarted(() -> {
                try {
                    if (turns.take(project, patience)) {
                        AtomicInteger mine = now.computeIfAbsent(project, p -> new AtomicInteger());
                        mostOfOne.accumulateAndGet(mine.incrementAndGet(), Math::max);
                        most.accumulateAndGet(all.incrementAndGet(), Math::max);
                        LockSupport.parkNanos(1000);
                        mine.decrementAndGet();
                        all.decrementAndGet();
                        turns.give(project);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            threads.add(thread);
            thread.start();
            if (interrupted) {
                thread.interrupt();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(most.get()).as("seed %s", random.seed()).isLessThanOrEqualTo(3);
        assertThat(mostOfOne.get()).isLessThanOrEqualTo(2);
        for (UUID project : List.of(one, other, one)) {
            assertThat(turns.take(project, NONE)).isTrue();
        }
        assertThat(turns.take(third, NONE)).isFalse();
    }
}
