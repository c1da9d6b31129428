package io.contree.sandbox.oci;

import io.contree.linux.Mounts;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.cgroup.CpuInfo;
import io.contree.sandbox.cgroup.CpuSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of one sandbox, what OCI calls a bundle, on a small tmpfs of its own: what is written to them from inside takes
 * no space from others.
 */
final class Bundle implements AutoCloseable {
    private static final long ROOM = 1 << 20;

    private final Path directory;
    private final Optional<CpuSet> cores;
    private final List<EtcCopy> copies = new ArrayList<>();

    private Bundle(Path directory, Optional<CpuSet> cores) {
        this.directory = directory;
        this.cores = cores;
    }

    /**
     * Makes the bundle of a sandbox: its root file system is bound to {@link #root()}, the files of {@code /etc} are written, and
     * those that tell the cores where it has not all of them.
     *
     * @param cores given back on close, and if this fails
     */
    static Bundle create(RuntimeDirectory parent, SandboxSpec spec, Optional<CpuSet> cores) throws IOException {
        Bundle bundle = new Bundle(parent.bundle(spec.id()), cores);
        try {
            bundle.fill(spec);
            return bundle;
        } catch (IOException | RuntimeException e) {
            bundle.closeAfter(e);
            throw e;
        }
    }

    private void fill(SandboxSpec spec) throws IOException {
        for (EtcFile file : EtcFile.values()) {
            copies.add(EtcCopy.of(file, spec));
        }
        String info = cores.map(chosen -> CpuInfo.of(chosen.cores())).orElse("");
        long size =
                ROOM + info.length() + copies.stream().mapToLong(EtcCopy::bytes).sum();
        Files.createDirectory(directory);
        Mounts.tmpfs(directory, "nr_inodes=64,size=" + size + "," + access(spec.reservation()));
        Mounts.bind(spec.root(), Files.createDirectory(root()), false);
        for (EtcCopy copy : copies) {
            copy.write(etc(copy.file()));
            copy.file().coverIn(root(), etc(copy.file()));
        }
        if (cores.isPresent()) {
            Files.writeString(coresOnline(), cores.get().text() + "\n");
            Files.writeString(cpuInfo(), info);
        }
    }

    /** Mount options that let root of the sandbox pass through. */
    private static String access(Reservation reservation) {
        return reservation
                .users()
                .map(users -> "mode=0710,gid=" + users.mapping().toHost(0))
                .orElse("mode=0700");
    }

    /** Keeps in the image what the sandbox has made of its files of {@code /etc}; it has ended. */
    void keep() throws IOException {
        // With what covers links of the image: a link that is a mount point cannot be replaced.
        Mounts.unmount(root(), true);
        IOException failure = null;
        for (EtcCopy copy : copies) {
            try {
                copy.keep(etc(copy.file()));
            } catch (IOException e) {
                failure = e; // the others are kept all the same
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The cores that the sandbox may use; empty for all. */
    Optional<CpuSet> cores() {
        return cores;
    }

    /** Their numbers, for {@code /sys/devices/system/cpu/online}. */
    Path coresOnline() {
        return directory.resolve("online");
    }

    /** What they are, for {@code /proc/cpuinfo}. */
    Path cpuInfo() {
        return directory.resolve("cpuinfo");
    }

    Path directory() {
        return directory;
    }

    /** The sandbox's root file system, under a path that the root user of the sandbox can walk. */
    Path root() {
        return directory.resolve("root");
    }

    Path etc(EtcFile file) {
        return directory.resolve(file.fileName());
    }

    Path config() {
        return directory.resolve("config.json");
    }

    /** The pipe on which init speaks. */
    Path output() {
        return directory.resolve("output");
    }

    /** The pipe on which init listens, where the runtime has none of its own. */
    Path input() {
        return directory.resolve("input");
    }

    /** Where the runtime and init write what went wrong. */
    Path errors() {
        return directory.resolve("errors");
    }

    /** The last lines of {@link #errors()}, empty if there are none. */
    String lastErrors() {
        try {
            List<String> lines = new String(Files.readAllBytes(errors()), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /** Unmounts and removes; the sandbox has ended. */
    @Override
    public void close() throws IOException {
        cores.ifPresent(CpuSet::close);
        Mounts.unmount(root(), true);
        Mounts.unmount(directory, true);
        Files.deleteIfExists(directory);
    }

    private void closeAfter(Exception reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
