package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.contree.linux.IdMapping;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import io.contree.sandbox.nursery.Cable;
import io.contree.sandbox.nursery.Nursery;
import io.contree.sandbox.nursery.WaitingSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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
        assertThat(machine.lastingTraces()).isEmpty();
    }

    @Test
    void oneThatIsNotNeededLeavesNothing() throws Exception {
        Reservation reservation = machine.sandboxes().reserve(new NetworkPolicy.None());
        assertThat(machine.traces()).isNotEmpty();
        reservation.close();
        reservation.close();
        assertThat(machine.lastingTraces()).isEmpty();
    }

    /** As when a run is cancelled while it gets its network. */
    @Test
    void whatNobodyWaitsForAnyMoreIsNoError() throws Exception {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Nursery.class);
        said.start();
        logger.addAppender(said);
        try (Reservation reservation = machine.sandboxes().reserve(new NetworkPolicy.None())) {
            WaitingSandbox waiting = reservation.waiting().orElseThrow();
            waiting.kill();
            assertThat(waiting.awaitExit(Duration.ofSeconds(20))).isPresent();
            Cable cable = new Cable("nowhere", new byte[6], new byte[6], new byte[4], new byte[4]);
            boolean givenUp = false;
            for (int i = 0; i < 1000 && !givenUp; i++) {
                Thread.currentThread().interrupt();
                // A refusal that is there at once counts for more than the interrupt.
                Throwable thrown = catchThrowable(() -> waiting.connect(cable));
                givenUp = Thread.interrupted() && thrown.getMessage().equals("interrupted");
            }
            assertThat(givenUp).isTrue();
            assertThatThrownBy(() -> waiting.connect(cable)).hasMessageContaining("no such sandbox");
        } finally {
            logger.detachAppender(said);
        }
        assertThat(said.list).extracting(ILoggingEvent::getLevel).doesNotContain(Level.ERROR);
    }

    @Test
    void oneIsUsedOnce() throws Exception {
        Path root = machine.root();
        SandboxSpec spec = machine.spec(root, Machine.LIMITS);
        machine.sandboxes().start(spec).close();
        SandboxSpec again =
                new SandboxSpec(spec.id() + "-again", root, spec.hostname(), spec.limits(), spec.reservation());
        assertThatThrownBy(() -> machine.sandboxes().start(again)).hasMessageContaining("tried to prepare");
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
        assertThat(machine.lastingTraces()).isEmpty();
    }

    @Test
    void asManyWaitAsAreWantedAndNoneAfterTheEnd() throws Exception {
        SandboxConfig config = new SandboxConfig(
                "native",
                List.of(),
                machine.directory().resolve("ready"),
                Optional.of(IdMapping.DEFAULT),
                Optional.empty(),
                3);
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
