package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Mounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only root can leave behind. */
class LeakCheckerIT {
    @TempDir
    Path temp;

    @Test
    void anOverlayIsFound() throws Exception {
        Requirements.overlayfs();
        LeakChecker.Watch watch = LeakChecker.watch();
        List<Path> lowers = List.of(Files.createDirectory(temp.resolve("a")), Files.createDirectory(temp.resolve("b")));
        Path target = Files.createDirectory(temp.resolve("target"));
        Mounts.overlay(new Mounts.Overlay(lowers, Optional.empty(), Optional.empty()), target);
        try {
            assertThat(watch.leaks(Duration.ZERO)).contains("overlay mount: " + target);
        } finally {
            Mounts.unmount(target, false);
        }
        assertThat(watch.leaks(Duration.ZERO)).doesNotContain("overlay mount: " + target);
    }

    @Test
    void aCgroupIsFound() throws Exception {
        Requirements.root();
        Path parent = cgroupRoot();
        LeakChecker.Watch watch = LeakChecker.watch();
        Path cgroup = Files.createDirectory(parent.resolve("contree-leak-test"));
        try {
            assertThat(watch.leaks(Duration.ZERO)).contains("cgroup: " + cgroup);
        } finally {
            Files.delete(cgroup);
        }
        assertThat(watch.leaks(Duration.ZERO)).doesNotContain("cgroup: " + cgroup);
    }

    @Test
    void aMountedNetworkNamespaceIsFound() throws Exception {
        Requirements.root();
        Path name = Files.createFile(temp.resolve("net"));
        LeakChecker.Watch watch = LeakChecker.watch();
        Mounts.bind(Path.of("/proc/self/ns/net"), name, false);
        try {
            assertThat(watch.leaks(Duration.ZERO)).contains("network namespace: " + name);
        } finally {
            Mounts.unmount(name, true);
        }
    }

    @Test
    void aTableOfRulesAndADeviceAreFound() throws Exception {
        Requirements.root();
        Requirements.program("nft", "nftables");
        LeakChecker.Watch watch = LeakChecker.watch();
        new Program("nft").run("add", "table", "inet", "contree-leaktest");
        new Program("ip").run("link", "add", "ctreeleak", "type", "veth", "peer", "name", "ctreeleak2");
        try {
            assertThat(watch.leaks(Duration.ZERO))
                    .contains(
                            "network of runs: table inet contree-leaktest",
                            "network of runs: device ctreeleak",
                            "network of runs: device ctreeleak2");
        } finally {
            new Program("ip").run("link", "del", "ctreeleak");
            new Program("nft").run("delete", "table", "inet", "contree-leaktest");
        }
        assertThat(watch.leaks(Duration.ZERO)).isEmpty();
    }

    @Test
    void whatBelongsToAnotherServerIsNoLeak() throws Exception {
        Requirements.root();
        Requirements.program("nft", "nftables");
        Path cgroups = cgroupRoot();
        String name = "contree-leaktest0001";
        Path mount = Path.of("/run", name);
        Program nft = new Program("nft");
        LeakChecker.Watch watch = LeakChecker.watch();
        Path cgroup = Files.createDirectory(cgroups.resolve(name));
        Files.createDirectory(mount);
        nft.run("add", "table", "inet", name);
        try {
            Process other = new ProcessBuilder(
                            "unshare",
                            "--mount",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherServer.class.getName(),
                            mount.toString())
                    .redirectErrorStream(true)
                    .start();
            try (var said = other.inputReader()) {
                assertThat(said.readLine()).isEqualTo("up");
                assertThat(watch.leaks(Duration.ZERO))
                        .noneMatch(leak -> leak.contains(name) && !leak.startsWith("process: "));
            } finally {
                other.destroyForcibly().waitFor();
            }
            assertThat(watch.leaks(Duration.ZERO)).contains("cgroup: " + cgroup, "network of runs: table inet " + name);
        } finally {
            nft.run("delete", "table", "inet", name);
            Files.delete(mount);
            Files.delete(cgroup);
        }
        assertThat(watch.leaks(Duration.ZERO)).isEmpty();
    }

    /** Another server, which this JVM happens to have started; it has its directory mounted for itself. */
    static final class OtherServer {
        public static void main(String[] arguments) throws Exception {
            Mounts.tmpfs(Path.of(arguments[0]), "size=1m");
            System.out.println("up");
            Thread.sleep(Duration.ofMinutes(10));
        }
    }

    /** The pids hierarchy of v1, or the unified one. */
    private static Path cgroupRoot() {
        Path pids = Path.of("/sys/fs/cgroup/pids");
        Path root = Files.isDirectory(pids) ? pids : Path.of("/sys/fs/cgroup");
        Assumptions.assumeTrue(Files.isWritable(root), "needs a writable cgroup file system");
        return root;
    }
}
