package io.contree.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contree.linux.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a test needs of its machine. Each method returns if it is there; otherwise it skips the test by a JUnit
 * assumption that says what is missing and how to get it.
 */
public final class Requirements {
    /** Where Debian's packages come from, unless the system property {@code contree.testkit.mirror} names a host. */
    private static final String MIRROR = System.getProperty("contree.testkit.mirror", "deb.debian.org");

    private static final int CONNECT_TIMEOUT_MILLIS = 3000;

    private Requirements() {}

    public static void root() {
        assumeTrue(Host.isRoot(), "needs root: run the tests as root to include this one");
    }

    /** Root and overlayfs in the kernel. */
    public static void overlayfs() throws IOException {
        root();
        assumeTrue(
                Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n"),
                "needs overlayfs: modprobe overlay");
    }

    /** Root, and loop devices to mount a file with. */
    public static void loopDevices() {
        root();
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "needs loop devices: modprobe loop");
    }

    /** A program in PATH. */
    public static void program(String name, String debianPackage) {
        assumeTrue(
                new Program(name).find().isPresent(),
                () -> "needs the program " + name + ": apt-get install " + debianPackage);
    }

    /** Root, crun, and cgroups mounted in a way that crun takes. */
    public static void crun() throws IOException {
        root();
        program("crun", "crun");
        assumeTrue(
                Host.cgroupMode() != Host.CgroupMode.HYBRID,
                "needs cgroups that crun takes, but both v1 and v2 are mounted: run the tests in"
                        + " \"unshare --mount --propagation slave\" with /sys/fs/cgroup/unified unmounted");
    }

    public static void dockerRegistry() {
        program("docker-registry", "docker-registry");
    }

    public static void skopeo() {
        program("skopeo", "skopeo");
    }

    /** Root and mmdebstrap; its packages are asked for by {@link #mirror}. */
    public static void mmdebstrap() {
        root();
        program("mmdebstrap", "mmdebstrap");
    }

    /** A busybox that runs without any library. */
    public static void staticBusybox() {
        program("busybox", "busybox-static");
    }

    /** Debian's packages can be fetched. */
    public static void mirror() {
        assumeTrue(connects(MIRROR, 80), () -> "needs Debian's packages, but " + MIRROR + ":80 cannot be reached");
    }

    static boolean connects(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
