package io.contree.sandbox.cgroup;

import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.SandboxSpec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Cgroups with a hierarchy for each controller. */
final class CgroupsV1 extends Cgroups {
    private static final List<String> NEEDED = List.of("memory", "cpu", "pids");

    /** Every hierarchy, perhaps with the empty directory where v2 was unmounted: the runtime makes files in it. */
    private final List<Path> hierarchies;

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
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String controllers = line.split(":", 3)[1];
            if (!controllers.isEmpty()) {
                Path name = MOUNT.resolve(controllers.replaceFirst("^name=", ""));
                found.add(name);
            }
        }
        return List.copyOf(found);
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
        return new V1(id);
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
        return Files.getFileStore(directory).type().startsWith("cgroup");
    }

    private final class V1 implements Cgroup {
        private final String id;
        // The kernel counts kills and refusals in the cgroup itself and nowhere above, and the runtime removes that as
        // soon as the container ends. Under another name it stays until the counts have been read.
        private final Path memory;
        private final Path pids;

        V1(String id) {
            this.id = id;
            this.memory = kept("memory");
            this.pids = kept("pids");
        }

        private Path kept(String controller) {
            return MOUNT.resolve(controller).resolve(parent()).resolve(id + ".kept");
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

        private Path in(Path hierarchy) {
            return hierarchy.resolve(parent()).resolve(id);
        }
    }
}
