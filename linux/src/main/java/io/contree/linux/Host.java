package io.contree.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What this machine's kernel and this process's namespaces offer. */
public final class Host {
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");
    private static final Path UNIFIED = CGROUP.resolve("unified");

    private Host() {}

    /** How cgroups are mounted. */
    public enum CgroupMode {
        /** Unified: v2 at {@code /sys/fs/cgroup}. */
        V2,
        /** v1 controllers only. */
        V1,
        /** v1 controllers with v2 at {@code /sys/fs/cgroup/unified}: crun refuses this. */
        HYBRID,
        /** No cgroup file system. */
        NONE
    }

    public static CgroupMode cgroupMode() throws IOException {
        return cgroupMode(MountInfo.ofThisProcess());
    }

    static CgroupMode cgroupMode(List<MountInfo> mounts) {
        boolean v1 = false;
        boolean v2 = false;
        boolean unified = false;
        for (MountInfo mount : mounts) {
            v1 |= mount.type().equals("cgroup");
            v2 |= mount.type().equals("cgroup2") && mount.point().equals(CGROUP);
            unified |= mount.type().equals("cgroup2") && mount.point().equals(UNIFIED);
        }
        if (v2) {
            return CgroupMode.V2;
        }
        return v1 ? unified ? CgroupMode.HYBRID : CgroupMode.V1 : CgroupMode.NONE;
    }

    /**
     * Unmounts {@code /sys/fs/cgroup/unified} so that crun sees v1; only in a private mount namespace, and without the
     * host's noticing: the cgroup mounts stop propagating first.
     *
     * @throws IllegalStateException if others than this process would see it; see {@link #inPrivateMountNamespace}
     */
    public static void hideUnifiedCgroup() throws IOException {
        if (!inPrivateMountNamespace()) {
            throw new IllegalStateException("tried to hide " + UNIFIED
                    + ", but this process shares the mount namespace of process 1; start it with unshare --mount");
        }
        Mounts.makeSlave(CGROUP);
        Mounts.unmount(UNIFIED, true);
    }

    /**
     * True if what this process mounts and unmounts is its own affair and vanishes with it: it is in another mount namespace
     * than process 1, or it is process 1 itself, with which everything else in its container or pid namespace ends.
     */
    public static boolean inPrivateMountNamespace() throws IOException {
        // By the number that /proc has for it, which a pid namespace without a /proc of its own shares with the
        // machine.
        if (Files.readSymbolicLink(Path.of("/proc/self")).equals(Path.of("1"))) {
            return true;
        }
        // A mount's id is unique on the machine, and mountinfo, unlike /proc/1/ns/mnt, may be read without ptrace
        // rights.
        Set<Integer> ofInit = new HashSet<>();
        for (MountInfo mount : MountInfo.of(1)) {
            ofInit.add(mount.id());
        }
        return MountInfo.ofThisProcess().stream().noneMatch(mount -> ofInit.contains(mount.id()));
    }

    /** True if the effective user is root. */
    public static boolean isRoot() {
        return userId() == 0;
    }

    /** The effective user. */
    public static int userId() {
        try (CallMemory memory = CallMemory.take()) {
            return (int) Syscalls.call(memory, Call.GETEUID);
        }
    }

    /** The kernel release, such as {@code 6.18.44}. */
    public static String kernelRelease() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    }
}
