package io.contree.cli.doctor;

import io.contree.linux.Host;
import io.contree.linux.IdMapping;
import io.contree.linux.UserNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel and this process's place in it offer. */
final class KernelChecks {
    /** The oldest kernel whose overlays take id-mapped layers. */
    private static final int MAJOR = 5;

    private static final int MINOR = 19;

    Finding release() throws IOException {
        String release = Host.kernelRelease();
        String[] parts = release.split("[.\\-+]");
        int major = number(parts, 0);
        int minor = number(parts, 1);
        if (major > MAJOR || (major == MAJOR && minor >= MINOR)) {
            return Finding.ok("kernel", release);
        }
        return Finding.limited(
                "kernel",
                release + " is older than " + MAJOR + "." + MINOR + ": runs have no user namespace",
                "upgrade the kernel, or start the server without user namespaces and trust what it runs");
    }

    Finding root() {
        return Host.isRoot()
                ? Finding.ok("root", "running as root")
                : Finding.missing("root", "not running as root: nothing can be mounted", "run contree as root");
    }

    Finding mountNamespace() throws IOException {
        return Host.inPrivateMountNamespace()
                ? Finding.ok("mount namespace", "private: mounts of a server vanish with it")
                : Finding.limited(
                        "mount namespace",
                        "shared with process 1: mounts of a killed server stay until its next start",
                        "start with ./contree as root, or with: unshare --mount --propagation slave");
    }

    Finding userNamespaces() {
        try (UserNamespace namespace = UserNamespace.create(IdMapping.DEFAULT)) {
            IdMapping mapping = namespace.mapping();
            return Finding.ok(
                    "user namespaces",
                    "root of a run is somebody else outside, from uid " + mapping.hostStart() + " on");
        } catch (IOException e) {
            return Finding.limited(
                    "user namespaces",
                    "refused: " + e.getMessage(),
                    "sysctl user.max_user_namespaces=15000, and run contree as root");
        }
    }

    Finding seccomp() throws IOException {
        Path actions = Path.of("/proc/sys/kernel/seccomp/actions_avail");
        return Files.isReadable(actions) && Files.readString(actions).contains("errno")
                ? Finding.ok("seccomp", "filters of system calls work")
                : Finding.limited(
                        "seccomp",
                        "this kernel has no filters: runs may make every system call",
                        "use a kernel with CONFIG_SECCOMP_FILTER");
    }

    private static int number(String[] parts, int index) {
        return parts.length > index && parts[index].matches("\\d{1,6}") ? Integer.parseInt(parts[index]) : 0;
    }
}
