package io.contree.linux;

import java.io.IOException;

/** What this machine's kernel and this process's namespaces offer. */
public final class Host {
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
        throw new UnsupportedOperationException();
    }

    /** Unmounts {@code /sys/fs/cgroup/unified} so that crun sees v1; only in a private mount namespace. */
    public static void hideUnifiedCgroup() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** True if this process is in another mount namespace than PID 1. */
    public static boolean inPrivateMountNamespace() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** True if the effective user is root. */
    public static boolean isRoot() {
        throw new UnsupportedOperationException();
    }

    /** The kernel release, such as {@code 6.18.44}. */
    public static String kernelRelease() throws IOException {
        throw new UnsupportedOperationException();
    }
}
