package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.ConflictException;
import io.contree.sdk.Execution;
import io.contree.sdk.OperationCancelledException;
import io.contree.sdk.RunResult;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a run does to itself ends in a true state, and the next run does not notice. */
class LimitsIT extends ServerSuite {
    @Override
    boolean movesMuch() {
        return true;
    }

    @Override
    String[] options() {
        return new String[] {"--memory", "256MiB", "--pids", "256"};
    }

    @AfterEach
    void theNextRunIsNotDisturbed() {
        assertThat(busybox.shell("echo fine").execute().stdout()).isEqualTo("fine\n");
    }

    @Test
    void twoHundredMegabytesOfOutputAreTruncatedAndMemoryStaysFlat() throws Exception {
        busybox.shell("head -c 20000000 /dev/zero").execute();
        long before = server.residentKib();
        for (int limit : new int[] {5000, 10 << 20}) {
            RunResult result = busybox.shell("head -c 200000000 /dev/zero")
                    .outputLimit(limit)
                    .execute();
            assertThat(result.truncated()).isTrue();
            assertThat(result.stdoutBytes()).hasSize(limit);
            assertThat(result.operation().process().orElseThrow().stderr().truncated())
                    .isFalse();
        }
        assertThat(server.residentKib() - before).as("growth in KiB").isLessThan(150_000);
    }

    @Test
    void aForkBombEnds() {
        RunResult result = busybox.shell("b() { b | b & }; b; sleep 60")
                .timeout(Duration.ofSeconds(3))
                .execute();
        assertThat(result.succeeded()).as(result.operation().json()).isFalse();
    }

    @Test
    void aMemoryHogIsKilled() throws Exception {
        RunResult hog = busybox.shell("exec tail /dev/zero").execute();
        assertThat(hog.signal()).hasValue(9);
        assertThat(Api.text(api.get("/operations/" + hog.operation().uuid() + "/events")))
                .contains("event: oom");
    }

    @Test
    void anHourOfSleepWithATimeoutOfTwoSecondsTimesOutAndKeepsItsState() {
        RunResult result = busybox.shell("echo before > /before; sleep 3600")
                .timeout(Duration.ofSeconds(2))
                .execute();
        assertThat(result.timedOut()).isTrue();
        assertThat(result.duration()).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(20));
        assertThat(result.image().readText("/before")).isEqualTo("before\n");
    }

    @Test
    void aFullSharedMemoryIsTheProcesssOwnProblem() {
        RunResult result =
                busybox.shell("head -c 300000000 /dev/zero > /dev/shm/fill").execute();
        assertThat(result.succeeded()).as(result.operation().json()).isFalse();
    }

    @Test
    void cancelEndsARunInAnyState() {
        Execution running = busybox.shell("trap '' TERM INT; sleep 3600").start();
        contree.operations().cancel(running.operation());
        assertThatThrownBy(running::await).isInstanceOf(OperationCancelledException.class);
        assertThat(contree.operations().get(running.operation()).resultImage()).isEmpty();
        assertThatThrownBy(() -> contree.operations().cancel(running.operation()))
                .isInstanceOf(ConflictException.class);
    }
}
