package io.contree.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Processes in real containers: what they get, what they give, how they end. */
class SandboxIT {
    private static Machine machine;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        machine = Machine.start("crun");
    }

    @AfterAll
    static void close() throws IOException {
        machine.close();
    }

    @Test
    void tellsOutputAndExit() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = Run.main(sandbox, Run.shell("echo hello; echo oh >&2; exit 7"));

            assertThat(main.stdout()).isEqualTo("hello\n");
            assertThat(main.stderr()).isEqualTo("oh\n");
            assertThat(main.pid()).isPositive();
            assertThat(main.exit().code()).isEqualTo(7);
            assertThat(main.exit().signal()).isEqualTo(-1);
            assertThat(main.exit().duration()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
            assertThat(sandbox.failure()).isEmpty();
            assertThat(sandbox.outOfMemory()).isFalse();
        }
        assertThat(machine.traces()).isEmpty();
    }
}
