package io.contree.sandbox.cgroup;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.SandboxSpec.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Cgroups with a hierarchy for each controller. */
final class CgroupsV1 extends Cgroups {
    private static final List<String> NEEDED = List.of("memory", "cpu", "pids");

    /** Every hierarchy, perhaps with the empty directory where v2 was unmounted: the runtime makes files in it. */
    private final List<Path> hierarchies;

    private @Nullable List<Path> joined;

    CgroupsV1(String parent) throws IOException {
        super(parent);
        hierarchies = hierarchiesOfThisMachine();
        for (String controller : NEEDED) {
            if (!Files.exists(MOUNT.resolve(controller).resolve("cgroup.procs"))) {
                throw unusable("the cgroup controller " + controller + " is not mounted at " + MOUNT.resolve(controller)
                        + "; mount it there or use cgroup v2");
            }
        }
    }

    // Those that are mounted here, and those that are mounted only elsewhere: a runtime mounts them in a sandbox all
    // the same.
    private static List<Path> hierarchiesOfThisMachine() throws IOException {
        Set<Path> found = new LinkedHashSet<>(CgroupTree.children(MOUNT));
        for (String controllers : controllersOfThisMachine()) {
            found.add(MOUNT.resolve(controllers.replaceFirst("^name=", "")));
        }
        return List.copyOf(found);
    }

    private static List<String> controllersOfThisMachine() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .map(line -> line.split(":", 3)[1])
                .filter(controllers -> !controllers.isEmpty())
                .toList();
    }

    @Override
    public String version() {
        return "cgroup v1";
    }

    @Override
    public boolean limitsSwap() {
        return Files.exists(MOUNT.resolve("memory/memory.memsw.limit_in_bytes"));
    }

    @Override
    public List<Path> hierarchies() {
        return hierarchies;
    }

    @Override
    Optional<Path> coresFile() {
        Path cpuset = MOUNT.resolve("cpuset");
        return Stream.of("cpuset.effective_cpus", "cpuset.cpus")
                .map(cpuset::resolve)
                .filter(Files::exists)
                .findFirst();
    }

    @Override
    public Cgroup of(String id) {
        return new V1(id, id + ".kept");
    }

    @Override
    public MadeCgroup made(String id) {
        return new Made(id);
    }

    @Override
    public Map<String, String> mounts() throws IOException {
        Map<String, String> mounts = new LinkedHashMap<>();
        for (String controllers : controllersOfThisMachine()) {
            String name = controllers.replaceFirst("^name=", "");
            if (isCgroup(MOUNT.resolve(name))) {
                mounts.put(name, controllers);
            }
        }
        return mounts;
    }

    @Override
    public void removeAll() throws IOException {
        for (Path hierarchy : hierarchies) {
            removeFrom(hierarchy.resolve(parent()));
        }
    }

    private static void removeFrom(Path cgroup) throws IOException {
        for (Path child : CgroupTree.children(cgroup)) {
            removeFrom(child);
        }
        removeOne(cgroup);
    }

    // Where v2 was unmounted, the runtime writes into what is then a plain directory.
    private static void removeOne(Path cgroup) throws IOException {
        if (Files.isRegularFile(cgroup.resolve("cgroup.procs")) && !isCgroup(cgroup)) {
            Files.deleteIfExists(cgroup.resolve("cgroup.procs"));
        }
        CgroupTree.remove(cgroup);
    }

    private static boolean isCgroup(Path directory) throws IOException {
        return Files.isDirectory(directory)
                && Files.getFileStore(directory).type().startsWith("cgroup");
    }

    private class V1 implements Cgroup {
        private final String id;
        // The kernel counts kills and refusals in the cgroup itself and nowhere above, and the runtime removes that as
        // soon as the container ends. Under another name it stays until the counts have been read.
        private final Path memory;
        private final Path pids;

        V1(String id, String keptId) {
            this.id = id;
            this.memory = MOUNT.resolve("memory").resolve(parent()).resolve(keptId);
            this.pids = MOUNT.resolve("pids").resolve(parent()).resolve(keptId);
        }

        @Override
        public String path() {
            return "/" + parent() + "/" + id;
        }

        @Override
        public void started() throws IOException {
            Files.move(in(MOUNT.resolve("memory")), memory, StandardCopyOption.ATOMIC_MOVE);
            Files.move(in(MOUNT.resolve("pids")), pids, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public LimitEvents limitEvents(Limits limits) {
            long kills = CgroupTree.counter(memory.resolve("memory.oom_control"), "oom_kill");
            long peak = kills == 0
                    ? 0
                    : CgroupTree.number(memory.resolve("memory.max_usage_in_bytes"), limits.memoryBytes());
            return new LimitEvents(kills, peak, CgroupTree.counter(pids.resolve("pids.events"), "max"), false);
        }

        @Override
        public List<ProcessHandle> processes() throws IOException {
            return CgroupTree.processes(pids);
        }

        @Override
        public void kill() {
            CgroupTree.kill(in(MOUNT.resolve("pids")));
            CgroupTree.kill(pids);
        }

        @Override
        public void remove() throws IOException {
            kill();
            CgroupTree.remove(memory);
            CgroupTree.remove(pids);
            for (Path hierarchy : hierarchies) {
                Path cgroup = in(hierarchy);
                if (Files.exists(cgroup)) {
                    removeOne(cgroup);
                }
            }
        }

        Path in(Path hierarchy) {
            return hierarchy.resolve(parent()).resolve(id);
        }
    }

    private final class Made extends V1 implements MadeCgroup {
        /** As OCI runtimes allow them: null, zero, full, random, urandom, tty, ptmx and the terminals of a sandbox. */
        private static final List<String> DEVICES = List.of(
                "c 1:3 rwm",
                "c 1:5 rwm",
                "c 1:7 rwm",
                "c 1:8 rwm",
                "c 1:9 rwm",
                "c 5:0 rwm",
                "c 5:2 rwm",
                "c 136:* rwm");

        Made(String id) {
            super(id, id);
        }

        @Override
        public void make() throws IOException {
            for (Path hierarchy : joined()) {
                Files.createDirectory(in(hierarchy));
            }
            Path devices = MOUNT.resolve("devices");
            if (Files.exists(in(devices))) {
                write(devices, "devices.deny", "a");
                try (FileChannel allow =
                        FileChannel.open(in(devices).resolve("devices.allow"), StandardOpenOption.WRITE)) {
                    for (String device : DEVICES) { // one write each
                        allow.write(ByteBuffer.wrap(device.getBytes(StandardCharsets.US_ASCII)));
                    }
                }
            }
        }

        @Override
        public List<Fd> entrances() throws IOException {
            List<Fd> entrances = new ArrayList<>();
            try {
                for (Path hierarchy : joined()) {
                    entrances.add(FileCalls.open(in(hierarchy).resolve("cgroup.procs"), FileCalls.WRITE));
                }
                return entrances;
            } catch (IOException e) {
                entrances.forEach(Fd::close);
                throw e;
            }
        }

        @Override
        public void limit(Limits limits, Optional<CpuSet> cores) throws IOException {
            Path hierarchy = MOUNT.resolve("memory");
            write(hierarchy, "memory.limit_in_bytes", String.valueOf(limits.memoryBytes()));
            if (limitsSwap()) {
                write(hierarchy, "memory.memsw.limit_in_bytes", String.valueOf(limits.memoryBytes()));
            }
            Path cpu = MOUNT.resolve("cpu");
            write(cpu, "cpu.cfs_period_us", String.valueOf(CPU_PERIOD_MICROS));
            write(cpu, "cpu.cfs_quota_us", String.valueOf(quotaMicros(limits.cpus())));
            write(MOUNT.resolve("pids"), "pids.max", String.valueOf(limits.pids()));
            if (cores.isPresent()) {
                write(MOUNT.resolve("cpuset"), "cpuset.cpus", cores.get().text());
            }
        }

        @Override
        public void started() {
            // No runtime removes it, so it needs no other name.
        }

        @Override
        public void remove() throws IOException {
            for (Path hierarchy : joined()) {
                CgroupTree.remove(in(hierarchy));
            }
        }

        private void write(Path hierarchy, String file, String value) throws IOException {
            Files.writeString(in(hierarchy).resolve(file), value);
        }
    }

    /** The hierarchies that are there, with this server's own cgroup in each of them. */
    private synchronized List<Path> joined() throws IOException {
        if (joined == null) {
            List<Path> found = new ArrayList<>();
            for (Path hierarchy : hierarchies) {
                if (isCgroup(hierarchy)) {
                    Files.createDirectories(hierarchy.resolve(parent()));
                    found.add(hierarchy);
                }
            }
            Path cpuset = MOUNT.resolve("cpuset");
            if (found.contains(cpuset)) {
                // A new cgroup has no cores and no memory, and takes no process, unless it gets its parent's.
                for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                    Files.writeString(
                            cpuset.resolve(parent()).resolve(file),
                            Files.readString(cpuset.resolve(file)).strip());
                }
                Files.writeString(cpuset.resolve(parent()).resolve("cgroup.clone_children"), "1");
            }
            joined = List.copyOf(found);
        }
        return joined;
    }
}
