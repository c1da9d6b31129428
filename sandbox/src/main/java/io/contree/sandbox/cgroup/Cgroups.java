package io.contree.sandbox.cgroup;

import io.contree.linux.Host;
import io.contree.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The cgroups of one server: everything is made below a cgroup with the server's own name, so that leftovers can be told from
 * those of others. An OCI runtime makes the cgroup of a container and sets its limits, and here they are watched and removed;
 * for one that does not, they are made here.
 */
public abstract sealed class Cgroups permits CgroupsV1, CgroupsV2 {
    public static final Path MOUNT = Path.of("/sys/fs/cgroup");
    /** Over which CPU time is limited. */
    public static final long CPU_PERIOD_MICROS = 100_000;

    private static final String ALLOWED_CORES = "Cpus_allowed_list:\t";

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

    /** Numbers of the cores that a sandbox can be given some of; empty without the controller for that. */
    public List<Integer> cores() throws IOException {
        Optional<Path> file = coresFile();
        if (file.isEmpty()) {
            return List.of();
        }
        // A server that was itself confined to some cores starts its runtimes on those.
        String own = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(ALLOWED_CORES))
                .map(line -> line.substring(ALLOWED_CORES.length()))
                .findFirst()
                .orElse("");
        List<Integer> cores = numbers(Files.readString(file.get()));
        return numbers(own).stream().filter(cores::contains).toList();
    }

    /** The file with the cores of the machine, in the form of {@link #numbers}. */
    abstract Optional<Path> coresFile() throws IOException;

    /** Numbers in a list of the kernel's: {@code 0-3,8}. */
    static List<Integer> numbers(String list) {
        return Arrays.stream(list.strip().split(","))
                .filter(range -> !range.isEmpty())
                .map(range -> range.split("-"))
                .flatMap(ends -> IntStream.rangeClosed(
                                Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                        .boxed())
                .toList();
    }

    /** The cgroup that a sandbox will have; its runtime makes it. */
    public abstract Cgroup of(String id);

    /** The cgroup that this server itself makes for a sandbox, by {@link MadeCgroup#make}. */
    public abstract MadeCgroup made(String id);

    /**
     * What a sandbox is to find below {@link #MOUNT}: options of a mount by the name of its directory. Empty for version 2, which
     * is mounted there itself.
     */
    public abstract Map<String, String> mounts() throws IOException;

    /** The kernel's CPU quota for a limit, in microseconds per {@link #CPU_PERIOD_MICROS}. */
    public static long quotaMicros(double cpus) {
        return Math.max(1_000, Math.round(cpus * CPU_PERIOD_MICROS));
    }

    /** Kills what runs in cgroups of this server and removes them all. */
    public abstract void removeAll() throws IOException;
}
