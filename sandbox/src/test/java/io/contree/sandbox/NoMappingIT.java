package io.contree.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(machine.sandboxes().isolation()).contains("no user namespace");
        assertThat(machine.traces()).isEmpty();
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
