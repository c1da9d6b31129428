package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sandbox.ProcessListener.Stream;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.ProcessUser;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** Processes in real containers: what they get, what they give, how they end. */
@EachRuntime
class SandboxIT {
    @Parameter
    String runtime;

    /** Of docs/design/init-protocol.md, in bytes. */
    private static final int STDIN_WINDOW = 262_144;

    private static final Duration LONG = Duration.ofSeconds(60);

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
            assertThat(sandbox.limitEvents().outOfMemory()).isFalse();
        }
    }

    @Test
    void tellsTheSignalThatEndedAProcess() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = Run.main(sandbox, Run.shell("kill -TERM $$"));

            assertThat(main.exit().signal()).isEqualTo(15);
            assertThat(main.exit().code()).isEqualTo(-1);
        }
    }

    @Test
    void tellsWhyAProgramCannotBeStarted() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            sandbox.spawn(Run.command("no-such-program"), main);

            assertThat(main.trouble()).isEqualTo("spawn failed: no-such-program: executable file not found in PATH");
        }
    }

    @Test
    void refusesArgumentsThatNoKernelTakesWithoutLosingTheSandbox() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder huge = new Recorder();
            sandbox.spawn(Run.command("echo", "x".repeat(2 << 20)), huge);
            Recorder next = new Recorder();
            sandbox.spawn(Run.command("echo", "fine"), next);

            assertThat(huge.trouble()).startsWith("spawn failed: argument list too long");
            assertThat(next.exit().code()).isZero();
            assertThat(next.stdout()).isEqualTo("fine\n");
        }
    }

    @Test
    void runsInItsDirectoryWithItsEnvironmentAsItsUser() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            ProcessSpec spec = Run.in("/some/new dir", Run.as(1000, Run.shell("pwd; id -u; id -g; env | sort")));
            Recorder main = Run.main(sandbox, Run.as(spec.user(), Map.of("PATH", "/bin", "GRUSS", "schön"), spec));

            assertThat(main.stdout().lines())
                    .contains("/some/new dir", "1000", "GRUSS=schön", "PATH=/bin", "HOME=/tmp", "USER=ann");
        }
    }

    @Test
    void isAUserOfItsImageWithTheGroupsThatItHasThere() throws Exception {
        Map<String, String> env = Map.of("PATH", "/bin");
        ProcessSpec show = Run.shell("id -u; id -g; id -G; echo $HOME $USER");
        Path image = Files.createDirectories(machine.directory().resolve("users/etc"));
        Files.writeString(image.resolve("passwd"), "root:x:0:0::/root:\nann:x:1000:1001::/home/ann:/bin/sh\n");
        // A group that no id of the sandbox is for does not keep anybody from starting.
        Files.writeString(image.resolve("group"), "staff:x:50:ann\nfar:x:2000000000:ann\nadm:x:4:ann\n");
        Recorder other = new Recorder();
        Recorder nobody = new Recorder();
        try (Sandbox sandbox =
                machine.sandboxes().start(machine.spec(machine.root(image.getParent()), Machine.LIMITS))) {
            Recorder main = new Recorder();
            SandboxProcess process = sandbox.spawn(
                    Run.withStdin(Run.as(ProcessUser.asDocker("ann"), env, Run.shell("id -G; cat"))), main);
            sandbox.spawn(Run.as(ProcessUser.asDocker("1000:staff"), env, show), other);
            sandbox.spawn(Run.as(ProcessUser.asDocker("bob"), env, show), nobody);
            assertThat(other.exit().code()).isZero();
            assertThat(nobody.trouble()).startsWith("spawn failed: user bob: not in /etc/passwd of the image");
            process.closeStdin();
            assertThat(main.exit().code()).isZero();
            assertThat(main.stdout()).startsWith("1001 4 50");
        }
        assertThat(other.stdout()).isEqualTo("1000\n50\n50\n/home/ann ann\n");
    }

    @Test
    void hasAWholeLoopback() throws Exception {
        KernelSettingsTest.assumeIpv6();
        Path pinger = Loopback.program(machine);
        for (int uid : new int[] {0, 1000}) {
            try (Sandbox sandbox = machine.sandboxes().start(machine.spec(machine.root(pinger), Machine.LIMITS))) {
                Loopback.check(sandbox, uid);
            }
        }
    }

    @Test
    void whatTheMainProcessLeavesBehindHasItsTimeToFinish() throws Exception {
        String script = """
                mkfifo /tmp/pipe
                (sleep 0.3; cat; echo finished) < /tmp/pipe &
                (trap 'echo asked to go; exit' TERM; while :; do sleep 0.1; done) &
                seq 1000 > /tmp/pipe
                exit 3""";
        try (Sandbox sandbox = machine.start()) {
            Recorder main = Run.main(sandbox, Run.leaving(Duration.ofSeconds(4), Run.shell(script)));

            assertThat(main.stdout()).contains("\n1000\nfinished\n").endsWith("asked to go\n");
            assertThat(main.exit().code()).isEqualTo(3);
        }
    }

    @Test
    void carriesTenMegabytesThroughAProcess() throws Exception {
        byte[] bytes = new byte[10 << 20];
        new Random(1).nextBytes(bytes);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder() {
                @Override
                public void output(Stream stream, byte[] piece) {
                    digest.update(piece);
                }
            };
            ProcessSpec cat = Run.limited(Run.command("cat"), Duration.ZERO, Long.MAX_VALUE);
            SandboxProcess process = sandbox.spawn(Run.withStdin(cat), main);
            assertThat(process.writeStdin(bytes, LONG)).isEqualTo(bytes.length);
            process.closeStdin();

            assertThat(main.exit().code()).isZero();
            assertThat(HexFormat.of().formatHex(digest.digest()))
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
            assertThatThrownBy(() -> process.writeStdin(bytes, LONG)).isInstanceOf(SandboxException.class);
            assertThatThrownBy(process::closeStdin).isInstanceOf(SandboxException.class);
        }
    }

    @Test
    void takesNoMoreStdinThanTheWindowFromAProcessThatDoesNotRead() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            SandboxProcess process = sandbox.spawn(Run.withStdin(Run.command("sleep", "1000")), main);
            main.pid();

            int taken = process.writeStdin(new byte[1 << 20], Duration.ofMillis(300));

            // The window and what fits into the pipe.
            assertThat(taken).isBetween(STDIN_WINDOW, STDIN_WINDOW + (1 << 17));
            assertThat(process.writeStdin(new byte[1], Duration.ZERO)).isZero();
        }
    }

    @Test
    void truncatesTwoHundredMegabytesWithoutKeepingThem() throws Exception {
        AtomicLong heard = new AtomicLong();
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder() {
                @Override
                public void output(Stream stream, byte[] bytes) {
                    heard.addAndGet(bytes.length);
                }
            };
            sandbox.spawn(Run.limited(Run.shell("head -c 200000000 /dev/zero"), Duration.ZERO, 100_000), main);

            assertThat(main.exit().code()).isZero();
            assertThat(heard).hasValue(100_000);
            assertThat(main.truncation(Stream.STDOUT)).containsExactly(100_000, 199_900_000);
            assertThat(main.truncation(Stream.STDERR)).isNull();
        }
    }

    @Test
    void deliversTwoHundredMegabytesInPieces() throws Exception {
        AtomicLong heard = new AtomicLong();
        AtomicLong largest = new AtomicLong();
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder() {
                @Override
                public void output(Stream stream, byte[] bytes) {
                    heard.addAndGet(bytes.length);
                    largest.accumulateAndGet(bytes.length, Math::max);
                }
            };
            ProcessSpec spec = Run.shell("head -c 200000000 /dev/zero");
            sandbox.spawn(Run.limited(spec, Duration.ZERO, Long.MAX_VALUE), main);

            assertThat(main.exit().code()).isZero();
            assertThat(heard).hasValue(200_000_000);
            assertThat(largest.get()).isLessThanOrEqualTo(65_536);
        }
    }

    @Test
    void runsSeveralProcessesAndEndsThemWithTheMainOne() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            SandboxProcess first = sandbox.spawn(Run.withStdin(Run.shell("read line; echo got $line")), main);
            Recorder other = new Recorder();
            SandboxProcess second = sandbox.spawn(Run.shell("echo second; exit 3"), other);
            Recorder endless = new Recorder();
            SandboxProcess third = sandbox.spawn(Run.command("sleep", "1000"), endless);

            assertThat(other.exit().code()).isEqualTo(3);
            assertThat(first.isAlive()).isTrue();
            first.writeStdin("x\n".getBytes(StandardCharsets.UTF_8), LONG);
            assertThat(main.exit().code()).isZero();
            assertThat(main.stdout()).isEqualTo("got x\n");
            assertThat(endless.exit().signal()).isEqualTo(9);
            assertThat(sandbox.awaitEnd(LONG)).isTrue();
            assertThat(first.spid()).isEqualTo(1);
            assertThat(sandbox.process(2)).containsSame(second);
            assertThat(third.isAlive()).isFalse();
            assertThatThrownBy(() -> third.signal(15)).hasMessageContaining("ended");
            assertThatThrownBy(() -> sandbox.spawn(Run.command("true"), new Recorder()))
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(SandboxException.Kind.CLOSED));
        }
    }

    @Test
    void sendsSignalsToTheGroup() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            String script = "trap 'echo caught; exit 4' USR1; echo ready; while true; do sleep 0.05; done";
            SandboxProcess process = sandbox.spawn(Run.shell(script), main);
            main.awaitOutput("ready");
            process.signal(10);

            assertThat(main.exit().code()).isEqualTo(4);
            assertThat(main.stdout()).contains("caught");
        }
    }

    @Test
    void endsAtItsDeadline() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            ProcessSpec spec = Run.limited(Run.command("sleep", "3600"), Duration.ofMillis(300), 1000);
            Recorder main = Run.main(sandbox, spec);

            assertThat(main.exit().timedOut()).isTrue();
            assertThat(main.exit().signal()).isEqualTo(9);
            assertThat(main.exit().duration()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void isKilledFromOutsideWhateverItsProcessesIgnore() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            sandbox.spawn(Run.shell("trap '' TERM INT HUP QUIT; echo up; while true; do sleep 1000; done"), main);
            main.awaitOutput("up");
            sandbox.kill();

            assertThat(main.trouble()).isEqualTo("lost: it was killed");
            assertThat(sandbox.awaitEnd(LONG)).isTrue();
            assertThat(sandbox.failure()).contains("it was killed");
            sandbox.kill();
        }
    }

    @Test
    void endsWhenTheServerNoLongerHoldsItsInput() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            sandbox.spawn(Run.shell("trap '' TERM; echo up; sleep 1000"), main);
            main.awaitOutput("up");
            ((Container) sandbox).hangUp();

            assertThat(sandbox.awaitEnd(LONG)).isTrue();
            assertThat(main.exit().signal()).isEqualTo(9);
        }
    }
}
