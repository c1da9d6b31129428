package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The same contract with gVisor as the runtime, where it can run. */
class RunscIT {
    private static Machine machine;

    @BeforeAll
    static void open() throws Exception {
        try {
            machine = Machine.start("runsc");
        } catch (SandboxException e) {
            throw new TestAbortedException(e.getMessage());
        }
        try (Sandbox sandbox = machine.start()) {
            Run.main(sandbox, Run.command("true"));
        } catch (SandboxException e) {
            machine.close();
            machine = null;
            throw new TestAbortedException("runsc cannot run here: " + e.getMessage());
        }
    }

    @AfterAll
    static void close() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void runsOnAKernelOfItsOwn() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = Run.main(sandbox, Run.shell("dmesg; id -u; hostname; cat /etc/hosts; echo oh >&2; exit 7"));

            assertThat(main.stdout()).contains("gVisor", "\n0\nbox\n", "127.0.1.1\tbox");
            assertThat(main.stderr()).isEqualTo("oh\n");
            assertThat(main.exit().code()).isEqualTo(7);
            assertThat(sandbox.failure()).isEmpty();
        }
        assertThat(machine.lastingTraces()).isEmpty();
    }

    /** By limits and priorities. The files of PID 1, and its life, gVisor leaves to root inside. */
    @Test
    void cannotReachInitByCalls() throws Exception {
        InitReach.attackByCalls(machine);
    }

    @Test
    void coversWhatIsNoFileInEtc() throws Exception {
        EtcKinds.areCovered(machine);
    }

    @Test
    void leavesWhatItWroteInTheRoot() throws Exception {
        Path root = machine.root();
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            Run.main(sandbox, Run.shell("echo one > /file; echo two > /tmp/file; mkdir /dir"));
        }
        assertThat(Machine.upper(root).resolve("file")).hasContent("one\n");
        assertThat(Machine.upper(root).resolve("tmp/file")).hasContent("two\n");
        assertThat(Machine.upper(root).resolve("dir")).isDirectory();
        assertThat(Machine.upper(root).resolve("dev/.contree-init"))
                .as("a mount point of the runtime's own")
                .doesNotExist();
    }

    @Test
    void carriesStdin() throws Exception {
        byte[] bytes = "grüße\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            ProcessSpec count = Run.withStdin(Run.command("wc", "-c"));
            SandboxProcess process = sandbox.spawn(count, main);
            assertThat(process.writeStdin(bytes, Duration.ofSeconds(60))).isEqualTo(bytes.length);
            process.closeStdin();

            assertThat(main.exit().code()).isZero();
            assertThat(main.stdout().strip()).isEqualTo("" + bytes.length);
        }
    }

    @Test
    void endsAtItsDeadlineOrWhenKilled() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            ProcessSpec sleep = Run.limited(Run.command("sleep", "1000"), Duration.ofMillis(300), 1000);
            assertThat(Run.main(sandbox, sleep).exit().timedOut()).isTrue();
        }
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            sandbox.spawn(Run.shell("trap '' TERM; echo up; sleep 1000"), main);
            main.awaitOutput("up");
            sandbox.kill();
            assertThat(sandbox.awaitEnd(Duration.ofSeconds(30))).isTrue();
            assertThat(main.trouble()).isEqualTo("lost: it was killed");
        }
        assertThat(Path.of("/run", machine.name(), "runtime", "runsc")).isEmptyDirectory();
        assertThat(machine.lastingTraces()).isEmpty();
    }
}
