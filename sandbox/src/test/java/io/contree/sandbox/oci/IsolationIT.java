package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.ProcessListener;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.ProcessUser;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** What a process sees of its sandbox, and what it cannot see or do. */
@EachRuntime
class IsolationIT {
    @Parameter
    String runtime;

    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    private static Machine machine;

    @BeforeParameterizedClassInvocation
    static void open(String runtime) throws IOException, InterruptedException {
        machine = Machine.start(runtime);
    }

    @AfterParameterizedClassInvocation
    static void close() throws IOException {
        machine.close();
    }

    private static String out(String script) throws Exception {
        return out(script, 0);
    }

    private static String out(String script, int uid) throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = Run.main(sandbox, Run.as(uid, Run.shell("{ " + script + "; } 2>&1")));
            return main.stdout().strip();
        }
    }

    @Test
    void hasItsHostName() throws Exception {
        assertThat(out("hostname; cat /etc/hostname /etc/hosts"))
                .startsWith("box\nbox\n")
                .contains("127.0.0.1\tlocalhost", "127.0.1.1\tbox");
        assertThat(out("ping -c 1 -W 1 box >/dev/null && echo reached")).isEqualTo("reached");
    }

    @Test
    void mayWriteItsHostsAndTheNextRunHasThem() throws Exception {
        Path root = machine.root();
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            String script = "echo 127.0.0.9 friend >> /etc/hosts; tail -1 /etc/hosts; echo x > /etc/resolv.conf";
            assertThat(Run.main(sandbox, Run.shell(script)).stdout()).isEqualTo("127.0.0.9 friend\n");
        }
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            assertThat(Run.main(sandbox, Run.shell("tail -1 /etc/hosts; cat /etc/resolv.conf"))
                            .stdout())
                    .isEqualTo("127.0.0.9 friend\nx\n");
        }
        assertThat(machine.tree().resolve("etc/hosts")).hasContent("of the image\n");
    }

    @Test
    void cannotFillItsHostsFileBeyondASmallSize() throws Exception {
        assertThat(out("dd if=/dev/zero of=/etc/hosts bs=64k count=100; wc -c < /etc/hosts"))
                .contains("No space left");
    }

    @Test
    void hasNoNetworkButLoopback() throws Exception {
        assertThat(out("ls /sys/class/net; grep -c : /proc/net/dev")).isEqualTo("lo\n1");
        assertThat(out("grep -c @ /proc/net/unix")).isEqualTo("0");
        assertThat(out("nc -w 1 1.1.1.1 80")).contains("unreachable");
    }

    @Test
    void isRootInsideAndNobodyOutside() throws Exception {
        Path root = machine.root();
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            Recorder sleeper = new Recorder();
            sandbox.spawn(Run.shell("id -u; cat /proc/self/uid_map; touch /tmp/file; echo up; sleep 1000"), sleeper);
            sleeper.awaitOutput("up");

            assertThat(sleeper.stdout()).startsWith("0\n").containsPattern("0\\s+100000\\s+65536");
            assertThat(uidsIn(sandbox)).containsOnly("100000");
        }
        assertThat(Files.getAttribute(Machine.upper(root).resolve("tmp/file"), "unix:uid"))
                .isEqualTo(0);
    }

    // The real uids of a sandbox's processes as the host sees them.
    private static List<String> uidsIn(Sandbox sandbox) throws IOException {
        List<String> uids = new ArrayList<>();
        for (ProcessHandle process : machine.processes(sandbox)) {
            Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(line -> line.split("\\s+")[1])
                    .forEach(uids::add);
        }
        return uids;
    }

    @Test
    void hasDockersCapabilitiesAndASeccompFilter() throws Exception {
        assertThat(out("cat /proc/self/status"))
                .contains("CapEff:\t00000000a80425fb", "CapBnd:\t00000000a80425fb", "CapPrm:\t00000000a80425fb")
                .contains("CapInh:\t0000000000000000", "CapAmb:\t0000000000000000")
                .contains("Seccomp:\t2", "NoNewPrivs:\t0");
        assertThat(out("cat /proc/self/status", 1000)).contains("CapEff:\t0000000000000000", "Seccomp:\t2");
    }

    @Test
    void refusesTheCallsThatEscapesAreMadeOf() throws Exception {
        Path probe = Probe.lowerWithProbe(Files.createTempDirectory(machine.directory(), "probe"));
        // Twice: the second container gets the filter that was compiled for the first.
        for (int i = 0; i < 2; i++) {
            Path root = machine.root(probe);
            try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
                Recorder main = Run.main(sandbox, Run.command("probe"));
                Map<String, Integer> results = Probe.results(main.stdout());

                assertThat(results)
                        .containsEntry("clone_plain", 0)
                        .containsEntry("unix_socket", 0)
                        .containsEntry("mknod_fifo", 0)
                        .containsEntry("chroot", 0)
                        .containsEntry("open_ptmx", 0)
                        .containsEntry("clone3", ENOSYS)
                        .containsEntry("unknown", ENOSYS)
                        .containsEntry("clone_plain_upper_half", 0)
                        .containsEntry("unix_socket_upper_half", 0)
                        .containsEntry("personality_upper_half", ENOSYS)
                        .containsEntry("personality_asked_upper_half", 0)
                        .hasSizeGreaterThan(58);
                results.keySet()
                        .removeAll(List.of(
                                "clone_plain",
                                "clone_plain_upper_half",
                                "personality_upper_half",
                                "personality_asked_upper_half",
                                "unix_socket",
                                "unix_socket_upper_half",
                                "mknod_fifo",
                                "chroot",
                                "open_ptmx",
                                "clone3",
                                "unknown"));
                assertThat(results)
                        .allSatisfy((name, errno) -> assertThat(errno).as(name).isEqualTo(EPERM));
            }
        }
    }

    @Test
    void hasTheUsualDevices() throws Exception {
        assertThat(out("head -c 4 /dev/zero | wc -c; head -c 4 /dev/urandom | wc -c; echo x > /dev/null && echo ok"))
                .isEqualTo("4\n4\nok");
        assertThat(out("echo x > /dev/full")).contains("No space left on device");
        assertThat(out("test -c /dev/tty && test -c /dev/random && test -c /dev/ptmx && echo ok"))
                .isEqualTo("ok");
        assertThat(out("ls -l /proc/self/fd/0 >/dev/null; readlink /dev/fd; readlink /dev/stdin"))
                .isEqualTo("/proc/self/fd\n/proc/self/fd/0");
        assertThat(out("echo x > /dev/shm/file && cat /dev/shm/file")).isEqualTo("x");
    }

    @Test
    void keepsTheKernelsFilesFromChange() throws Exception {
        for (String file : List.of(
                "/proc/sys/kernel/core_pattern",
                "/proc/sys/kernel/hostname",
                "/proc/sysrq-trigger",
                "/proc/irq/default_smp_affinity",
                "/sys/kernel/uevent_helper",
                "/sys/fs/cgroup/file",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/release_agent")) {
            assertThat(out("echo x > " + file + " || echo refused")).as(file).contains("refused");
        }
        assertThat(out("mkdir /sys/fs/cgroup/x /sys/fs/cgroup/memory/x || echo refused"))
                .contains("refused");
    }

    @Test
    void hidesWhatTellsOfTheHost() throws Exception {
        for (String file : ProtectedPaths.MASKED) {
            String script = "if [ -d FILE ]; then ls -A FILE; elif [ -e FILE ]; then cat FILE; fi";
            assertThat(out(script.replace("FILE", file))).as(file).isEmpty();
        }
    }

    @Test
    void seesItsLimits() throws Exception {
        assertThat(out("cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"))
                .endsWith("" + Machine.LIMITS.memoryBytes());
        assertThat(out("ulimit -c")).isEqualTo("0");
    }

    @Test
    void hasNoOpenFilesButItsThreeStreams() throws Exception {
        // The listing has one more: the directory that ls reads.
        assertThat(out("ls /proc/self/fd | tr '\\n' ' '")).isEqualTo("0 1 2 3");
        assertThat(out("readlink /proc/self/fd/3 || echo none")).isEqualTo("none");
    }

    @Test
    void cannotLookIntoInit() throws Exception {
        assertThat(out("ls /proc/1/fd /proc/1/root /proc/1/cwd || echo refused"))
                .contains("refused");
        assertThat(out("echo x >> /dev/.contree-init || echo refused")).contains("refused");
        assertThat(out("kill -9 1; echo still here")).isEqualTo("still here");
    }

    @Test
    void cannotReachInit() throws Exception {
        InitReach.attack(machine);
    }

    @Test
    void isKilledBeforeInitWhenMemoryRunsOut() throws Exception {
        assertThat(out("cat /proc/self/oom_score_adj /proc/1/oom_score_adj")).isEqualTo("1000\n100");
    }

    @Test
    void lowersRightsBySetuidPrograms() throws Exception {
        // With its path, for busybox's shell runs its own su otherwise, without the setuid bit.
        assertThat(out("/bin/su -s /bin/sh root -c 'id -u'", 1000)).isEqualTo("0");
        assertThat(out("/bin/su -s /bin/sh ann -c 'id -u'")).isEqualTo("1000");
    }

    @Test
    void startsWithAnUnbrokenDefaultEnvironment() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = Run.main(
                    sandbox,
                    new ProcessSpec(
                            List.of("/bin/sh", "-c", "umask; pwd; cat"),
                            Map.of(),
                            "/root",
                            ProcessUser.ROOT,
                            Duration.ofSeconds(20),
                            Duration.ZERO,
                            1000,
                            false));
            assertThat(new String(main.bytes(ProcessListener.Stream.STDOUT), StandardCharsets.UTF_8))
                    .isEqualTo("0022\n/root\n");
        }
    }
}
