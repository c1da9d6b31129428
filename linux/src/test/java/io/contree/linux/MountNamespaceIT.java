package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose mounts a process sees and changes, in namespaces as containers and the launcher make them. */
class MountNamespaceIT {
    /** Says of the process that it is what {@link Host} says. */
    static final class Asked {
        public static void main(String[] arguments) throws Exception {
            System.out.println("pid " + ProcessHandle.current().pid());
            System.out.println("private " + Host.inPrivateMountNamespace());
            if (arguments.length > 0) {
                Host.hideUnifiedCgroup();
                System.out.println("mode " + Host.cgroupMode());
            }
        }
    }

    @BeforeEach
    void requirements() {
        assumeTrue(Host.isRoot(), "namespaces need root");
    }

    @Test
    void processOneOfAPidNamespaceHasItsMountsForItself() throws Exception {
        assertThat(run("unshare", "--pid", "--fork", "--mount-proc")).contains("pid 1\n", "private true\n");
        assertThat(run("unshare", "--pid", "--fork", "--mount-proc", "unshare", "--mount"))
                .contains("pid 1\n", "private true\n");
    }

    @Test
    void aChildOfProcessOneSharesItsMounts() throws Exception {
        assertThat(run("unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", "\"$@\"; exit", "sh"))
                .doesNotContain("pid 1\n")
                .contains("private false\n");
        assertThat(run("unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", "unshare --mount \"$@\"; exit", "sh"))
                .contains("private true\n");
    }

    @Test
    void aPidNamespaceAloneIsNoMountNamespace() throws Exception {
        // Its process 1 has another number in the /proc that it sees, and the mounts of those before it.
        assertThat(run("unshare", "--pid", "--fork", "--mount-proc", "unshare", "--pid", "--fork"))
                .contains("pid 1\n", "private false\n");
    }

    @Test
    void whatIsHiddenStaysWhereOthersLook() throws Exception {
        assumeTrue(
                Host.cgroupMode() != Host.CgroupMode.V2, "needs cgroup v1, so that a second hierarchy can lie beside");
        // A machine whose mounts are shared, as systemd makes them, with both hierarchies.
        String machine = "mount --make-rshared /; mkdir -p /sys/fs/cgroup/unified;"
                + " mountpoint -q /sys/fs/cgroup/unified || mount -t cgroup2 none /sys/fs/cgroup/unified;";
        String look = " mountpoint -q /sys/fs/cgroup/unified && echo still there";
        for (String propagation : List.of("slave", "private", "shared")) {
            assertThat(run(
                            "unshare",
                            "--mount",
                            "--propagation",
                            "private",
                            "sh",
                            "-ec",
                            machine + " unshare --mount --propagation " + propagation + " \"$@\" hide;" + look,
                            "sh"))
                    .as(propagation)
                    .contains("private true\n", "mode V1\n", "still there\n");
        }
    }

    /** What {@link Asked} prints when it is started through other programs. */
    private static String run(String... through) throws Exception {
        List<String> command = new ArrayList<>(List.of(through));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Asked.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
