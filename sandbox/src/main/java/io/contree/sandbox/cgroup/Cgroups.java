package io.contree.sandbox.cgroup;

import io.contree.linux.Host;
import io.contree.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The cgroups of one server: everything is made below a cgroup with the server's own name, so that leftovers can be told from
 * those of others. The runtime makes the cgroup of a container and sets its limits; here they are watched and removed.
 */
public abstract sealed class Cgroups permits CgroupsV1, CgroupsV2 {
    public static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private final String parent;

    Cgroups(String parent) {
        this.parent = parent;
    }

    /**
     * The cgroups of this machine.
     *
     * @param parent name of the server's own cgroup
     * @throws SandboxException if limits cannot be enforced with what is mounted here
     */
    public static Cgroups open(String parent) throws IOException {
        return switch (Host.cgroupMode()) {
            case V1 -> new CgroupsV1(parent);
            case V2 -> new CgroupsV2(parent);
            case HYBRID ->
                throw unusable(
                        "both cgroup v1 and v2 are mounted (hybrid), which OCI runtimes refuse; start the server in"
                                + " a mount namespace of its own, where it can unmount /sys/fs/cgroup/unified");
            case NONE -> throw unusable("no cgroup file system is mounted at /sys/fs/cgroup; mount cgroup2 there");
        };
    }

    static SandboxException unusable(String why) {
        return new SandboxException(
                SandboxException.Kind.START, "the limits of sandboxes cannot be enforced on this machine: " + why);
    }

    String parent() {
        return parent;
    }

    /** For people: {@code cgroup v1}. */
    public abstract String version();

    /** True if the memory limit can cover swap too. */
    public abstract boolean limitsSwap();

    /**
     * What is mounted below {@link #MOUNT}, inside a sandbox too. A runtime that makes {@link #MOUNT} read-only does not
     * make these so, and root without a user namespace may write there: to its limits, and to the list of its devices.
     */
    public abstract List<Path> hierarchies();

    /** The cgroup that a sandbox will have. */
    public abstract Cgroup of(String id);

    /** Kills what runs in cgroups of this server and removes them all. */
    public abstract void removeAll() throws IOException;
}
