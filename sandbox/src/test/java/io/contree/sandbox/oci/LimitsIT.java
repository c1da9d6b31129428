package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.SandboxSpec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** Processes that take all they can get, and sandboxes by the dozen. */
@EachRuntime
class LimitsIT {
    @Parameter
    String runtime;

    private static Machine machine;

    @BeforeParameterizedClassInvocation
    static void open(String runtime) throws IOException, InterruptedException {
        machine = Machine.start(runtime);
    }

    @AfterParameterizedClassInvocation
    static void close() throws IOException {
        machine.close();
    }

    @AfterEach
    void leavesNothing() throws Exception {
        assertThat(machine.lastingTraces()).isEmpty();
    }

    @Test
    void survivesAForkBomb() throws Exception {
        Limits limits = new Limits(256L << 20, 1, 40, 1 << 20);
        try (Sandbox sandbox = machine.start(limits)) {
            Recorder main = new Recorder();
            String bomb = "bomb() { bomb | bomb & }; bomb; echo lit; sleep 1000";
            sandbox.spawn(Run.shell(bomb), main);
            main.awaitOutput("lit");
            sandbox.kill();
            assertThat(sandbox.awaitEnd(Duration.ofSeconds(30))).isTrue();
        }
        try (Sandbox next = machine.start()) {
            assertThat(Run.main(next, Run.shell("echo fine")).stdout()).isEqualTo("fine\n");
        }
    }

    @Test
    void limitsProcesses() throws Exception {
        Limits limits = new Limits(256L << 20, 1, 20, 1 << 20);
        try (Sandbox sandbox = machine.start(limits)) {
            String script = "for i in $(seq 50); do sleep 1000 & done; echo no";
            Recorder main = Run.main(sandbox, Run.shell(script));
            assertThat(main.stderr()).contains("can't fork");
            LimitEvents events = sandbox.limitEvents();
            assertThat(events.forksRefused() > 0 || events.pidsFull()).isTrue();
            assertThat(sandbox.awaitEnd(Duration.ofSeconds(30))).isTrue();
            assertThat(sandbox.limitEvents().forksRefused()).isGreaterThanOrEqualTo(events.forksRefused());
            assertThat(sandbox.limitEvents().outOfMemory()).isFalse();
        }
    }

    @Test
    void killsAMemoryHogAndSaysSo() throws Exception {
        Limits limits = new Limits(32L << 20, 1, 64, 1 << 20);
        try (Sandbox sandbox = machine.start(limits)) {
            Recorder main = new Recorder();
            sandbox.spawn(Run.command("dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1"), main);

            assertThat(main.exit().signal()).isEqualTo(9);
            assertThat(sandbox.limitEvents().outOfMemory()).isTrue();
            assertThat(sandbox.awaitEnd(Duration.ofSeconds(30))).isTrue();
            assertThat(sandbox.limitEvents().outOfMemory()).isTrue();
            assertThat(main.exit().timedOut()).isFalse();
            assertThat(sandbox.limitEvents().oomKills()).isEqualTo(1);
            assertThat(sandbox.limitEvents().memoryPeak()).isBetween(31L << 20, 32L << 20);
            assertThat(sandbox.limitEvents().forksRefused()).isZero();
        }
    }

    @Test
    void tellsOfAHogThatIsNotTheMainProcess() throws Exception {
        Limits limits = new Limits(32L << 20, 1, 64, 1 << 20);
        try (Sandbox sandbox = machine.start(limits)) {
            Recorder main = Run.main(sandbox, Run.shell("dd if=/dev/zero of=/dev/null bs=200M count=1; exit 5"));

            assertThat(main.exit().code()).isEqualTo(5);
            assertThat(sandbox.limitEvents().outOfMemory()).isTrue();
        }
    }

    @Test
    void boundsSharedMemory() throws Exception {
        Limits limits = new Limits(256L << 20, 1, 64, 4 << 20);
        try (Sandbox sandbox = machine.start(limits)) {
            Recorder main =
                    Run.main(sandbox, Run.shell("dd if=/dev/zero of=/dev/shm/x bs=1M count=64; wc -c < /dev/shm/x"));
            assertThat(main.stderr()).contains("No space left on device");
            assertThat(main.stdout().strip()).isEqualTo("" + (4 << 20));
        }
    }

    @Test
    void boundsCpuTime() throws Exception {
        Limits limits = new Limits(256L << 20, 0.25, 64, 1 << 20);
        try (Sandbox sandbox = machine.start(limits)) {
            ProcessSpec spin = Run.limited(Run.shell("while true; do :; done"), Duration.ofSeconds(2), 1000);
            Recorder main = Run.main(sandbox, spin);
            long micros = main.exit().usage().userMicros() + main.exit().usage().systemMicros();
            assertThat(micros).isLessThan(1_000_000);
        }
    }

    @Test
    void leavesNothingAfterFiftyRuns() throws Exception {
        Path root = machine.root();
        Run.main(machine.sandboxes().start(machine.spec(root, Machine.LIMITS)), Run.command("true"));
        int threads = Thread.activeCount();
        long files = openFiles();
        for (int i = 0; i < 50; i++) {
            try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
                assertThat(Run.main(sandbox, Run.command("true")).exit().code()).isZero();
            }
        }
        assertThat(openFiles()).isLessThanOrEqualTo(files + 3);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 3);
        assertThat(machine.lastingTraces()).isEmpty();
    }

    private static long openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void runsSixteenAtATime() throws Exception {
        try (var executor = Executors.newFixedThreadPool(16)) {
            List<Future<String>> outputs = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                String word = "word-" + i;
                outputs.add(executor.submit(() -> {
                    try (Sandbox sandbox = machine.start()) {
                        return Run.main(sandbox, Run.command("echo", word)).stdout();
                    }
                }));
            }
            for (int i = 0; i < outputs.size(); i++) {
                assertThat(outputs.get(i).get()).isEqualTo("word-" + i + "\n");
            }
        }
    }

    @Test
    void refusesANameThatIsTaken() throws Exception {
        SandboxSpec spec = machine.spec(machine.root(), Machine.LIMITS);
        try (Sandbox sandbox = machine.sandboxes().start(spec)) {
            assertThatThrownBy(() -> machine.sandboxes().start(spec)).hasMessageContaining("running already");
            assertThat(Run.main(sandbox, Run.shell("echo fine")).stdout()).isEqualTo("fine\n");
        }
        SandboxSpec next = machine.spec(machine.root(), Machine.LIMITS);
        machine.sandboxes()
                .start(new SandboxSpec(spec.id(), next.root(), "box", next.limits(), next.reservation()))
                .close();
    }

    @Test
    void closesFromManyThreads() throws Exception {
        Sandbox sandbox = machine.start();
        sandbox.spawn(Run.command("sleep", "1000"), new Recorder());
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> closings = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                closings.add(executor.submit(sandbox::close));
            }
            for (Future<?> closing : closings) {
                closing.get();
            }
        }
        assertThat(sandbox.awaitEnd(Duration.ZERO)).isTrue();
    }
}
