package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sandboxes whose root is root outside too: what the user namespace did not do, the rest must. */
class NoMappingIT {
    private static Machine machine;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        machine = Machine.withoutMapping();
    }

    @AfterAll
    static void close() throws IOException {
        machine.close();
    }

    @Test
    void runsAndLeavesNothing() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            String script = "cat /proc/self/uid_map; hostname; grep CapEff /proc/self/status; echo x >> /etc/hosts";
            Recorder main = Run.main(sandbox, Run.shell(script));
            assertThat(main.stdout()).containsPattern("0\\s+0\\s+4294967295").contains("box", "00000000a80425fb");
            assertThat(main.exit().code()).isZero();
        }
        assertThat(machine.sandboxes().isolation("crun")).contains("no user namespace");
        assertThat(machine.lastingTraces()).isEmpty();
    }

    @Test
    void canMakeDevicesButNotUseThem() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            String script = "mknod /tmp/disk b 254 0; head -c 1 /tmp/disk; mknod /tmp/mem c 1 1; head -c 1 /tmp/mem";
            Recorder main = Run.main(sandbox, Run.shell(script));
            assertThat(main.stdout()).isEmpty();
            assertThat(main.stderr())
                    .contains("/tmp/disk: Operation not permitted", "/tmp/mem: Operation not permitted");
        }
    }

    @Test
    void hasAWholeLoopback() throws Exception {
        KernelSettingsTest.assumeIpv6();
        Path pinger = Loopback.program(machine);
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(machine.root(pinger), Machine.LIMITS))) {
            Loopback.check(sandbox, 1000);
        }
    }

    @Test
    void cannotReachInit() throws Exception {
        InitReach.attack(machine);
    }

    /** Every file and directory of every cgroup mount, and the mounts themselves; in v1 as in v2. */
    @Test
    void cannotLiftItsLimits() throws Exception {
        String script = """
                for f in $(find /sys/fs/cgroup -type f); do (cat $f > /tmp/value; cat /tmp/value > $f) 2>/dev/null && echo written $f; done
                for f in $(find /sys/fs/cgroup -name '*devices.allow'); do (echo 'a *:* rwm' > $f) 2>/dev/null && echo written $f; done
                for d in $(find /sys/fs/cgroup -type d); do mkdir $d/x 2>/dev/null && echo made $d; done
                for m in $(grep -o '/sys/fs/cgroup[^ ]*' /proc/mounts) /proc/1 /proc/sys /sys; do
                  mount -o remount,rw $m 2>/dev/null && echo mounted $m
                  mount -o remount,bind,rw $m 2>/dev/null && echo mounted $m
                  umount $m 2>/dev/null && echo unmounted $m
                done
                # Of several mounts at one place the last one is seen.
                awk '$2 ~ "^/sys" {options[$2] = $4} END {for (m in options) if (options[m] !~ "^ro") print m}' /proc/mounts
                grep -c ' /sys/fs/cgroup' /proc/mounts
                """;
        try (Sandbox sandbox = machine.start()) {
            Recorder main = new Recorder();
            sandbox.spawn(Run.withStdin(Run.shell(script + "echo done; read line")), main);
            main.awaitOutput("done\n");

            assertThat(main.stdout()).matches("[1-9][0-9]*\ndone\n");
            assertThat(limitsOf(sandbox)).contains("" + Machine.LIMITS.memoryBytes(), "" + Machine.LIMITS.pids());
        }
    }

    // What the host's files say, in whichever hierarchies they are.
    private static List<String> limitsOf(Sandbox sandbox) throws IOException {
        List<Path> mounts = new ArrayList<>(Cgroups.open(machine.name()).hierarchies());
        mounts.add(Cgroups.MOUNT);
        String cgroup = Cgroups.open(machine.name()).of(sandbox.id()).path().substring(1);
        String kept = "../" + sandbox.id() + ".kept/";
        List<String> limits = new ArrayList<>();
        for (Path mount : mounts) {
            for (String name : List.of("memory.max", kept + "memory.limit_in_bytes", "pids.max", kept + "pids.max")) {
                Path file = mount.resolve(cgroup).resolve(name).normalize();
                if (Files.exists(file)) {
                    limits.add(Files.readString(file).strip());
                }
            }
        }
        return limits;
    }

    @Test
    void cannotChangeTheKernelsSettings() throws Exception {
        String pattern = Files.readString(Path.of("/proc/sys/kernel/core_pattern"));
        Path probe = Probe.lowerWithProbe(Files.createTempDirectory(machine.directory(), "probe"));
        Path root = machine.root(probe);
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            Recorder probing = new Recorder();
            sandbox.spawn(
                    Run.shell("echo evil > /proc/sys/kernel/core_pattern; echo b > /proc/sysrq-trigger; "
                            + "echo evil > /sys/fs/cgroup/memory/release_agent; mount -t tmpfs x /tmp; probe"),
                    probing);
            probing.exit();
            Map<String, Integer> results = Probe.results(probing.stdout());
            assertThat(results)
                    .containsEntry("mount", 1)
                    .containsEntry("bpf", 1)
                    .containsEntry("unshare_user", 1);
            assertThat(probing.stderr().lines()).hasSize(4);
        }
        assertThat(Path.of("/proc/sys/kernel/core_pattern")).hasContent(pattern);
    }
}
