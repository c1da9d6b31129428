package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.IdMapping;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sandboxes that wait, and what makes them. */
class NurseryIT {
    private Machine machine;

    @BeforeEach
    void open() throws Exception {
        machine = Machine.start("native");
    }

    @AfterEach
    void close() throws Exception {
        machine.close();
    }

    private static List<ProcessHandle> nurseries(Path directory) {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info()
                        .command()
                        .orElse("")
                        .startsWith(directory.resolve("bin/contree-nursery").toString()))
                .toList();
    }

    private ProcessHandle nursery() {
        return nurseries(Path.of("/run", machine.name())).getFirst();
    }

    @Test
    void allDieWithTheNurseryAndTheNextRunsHaveAnother() throws Exception {
        ProcessHandle first = nursery();
        try (Sandbox sandbox = machine.start()) {
            sandbox.spawn(Run.shell("trap '' TERM HUP; sleep 1000 & sleep 1000"), new Recorder());
            List<ProcessHandle> processes = machine.processes(sandbox);
            assertThat(processes).isNotEmpty();
            first.destroyForcibly();
            assertThat(sandbox.awaitEnd(Duration.ofSeconds(20))).isTrue();
            assertThat(sandbox.failure()).isPresent();
            for (ProcessHandle process : processes) {
                process.onExit().get(20, TimeUnit.SECONDS);
            }
        }
        try (Sandbox sandbox = machine.start()) {
            assertThat(Run.main(sandbox, Run.shell("echo fine")).stdout()).isEqualTo("fine\n");
        }
        assertThat(nursery().pid()).isNotEqualTo(first.pid());
        assertThat(machine.traces()).isEmpty();
    }

    @Test
    void oneThatIsNotNeededLeavesNothing() throws Exception {
        Reservation reservation = machine.sandboxes().reserve(new NetworkPolicy.None());
        assertThat(machine.traces()).isNotEmpty();
        reservation.close();
        reservation.close();
        assertThat(machine.traces()).isEmpty();
    }

    @Test
    void oneIsUsedOnce() throws Exception {
        Path root = machine.root();
        SandboxSpec spec = machine.spec(root, Machine.LIMITS);
        machine.sandboxes().start(spec).close();
        assertThatThrownBy(() -> machine.sandboxes().start(spec)).hasMessageContaining("tried to prepare");
    }

    /** What it says when it cannot become what it should. */
    @Test
    void aRootThatIsNoneIsARefusalWithItsReason() throws Exception {
        Path lower = Files.createTempDirectory(machine.directory(), "lower");
        Files.writeString(lower.resolve("dev"), "a file");
        Path root = machine.root(lower);
        assertThatThrownBy(() -> machine.sandboxes().start(machine.spec(root, Machine.LIMITS)))
                .hasMessageContaining("native")
                .hasMessageContaining("dev");
        assertThat(machine.traces()).isEmpty();
    }

    @Test
    void asManyWaitAsAreWantedAndNoneAfterTheEnd() throws Exception {
        SandboxConfig config = new SandboxConfig(
                "native", machine.directory().resolve("ready"), Optional.of(IdMapping.DEFAULT), Optional.empty(), 3);
        Path directory = RuntimeDirectory.of(config).path();
        try (Sandboxes sandboxes = OciSandboxes.open(config)) {
            awaitChildren(directory, 3);
            try (Reservation taken = sandboxes.reserve(new NetworkPolicy.None())) {
                assertThat(taken.waiting()).isPresent();
                awaitChildren(directory, 4);
            }
            awaitChildren(directory, 3);
        }
        assertThat(nurseries(directory)).isEmpty();
        assertThat(directory).doesNotExist();
    }

    private static void awaitChildren(Path directory, int count) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            List<ProcessHandle> nurseries = nurseries(directory);
            if (!nurseries.isEmpty() && nurseries.getFirst().children().count() == count) {
                return;
            }
            Thread.sleep(50);
        }
        assertThat(nurseries(directory).getFirst().children()).hasSize(count);
    }
}
