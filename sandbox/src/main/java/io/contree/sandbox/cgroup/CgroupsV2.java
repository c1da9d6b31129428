package io.contree.sandbox.cgroup;

import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.SandboxSpec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The unified hierarchy. */
final class CgroupsV2 extends Cgroups {
    private static final List<String> NEEDED = List.of("memory", "cpu", "pids");

    private final boolean confinesToCores;

    CgroupsV2(String parent) throws IOException {
        super(parent);
        Set<String> offered = new HashSet<>(List.of(
                Files.readString(MOUNT.resolve("cgroup.controllers")).strip().split(" ")));
        if (!offered.containsAll(NEEDED)) {
            throw unusable("cgroup v2 offers only " + offered + " at " + MOUNT + " and " + NEEDED
                    + " are needed; delegate them to this server");
        }
        confinesToCores = offered.contains("cpuset");
    }

    @Override
    public String version() {
        return "cgroup v2";
    }

    @Override
    public boolean limitsSwap() {
        return true;
    }

    @Override
    public List<Path> hierarchies() {
        return List.of();
    }

    @Override
    Optional<Path> coresFile() {
        return Optional.of(MOUNT.resolve("cpuset.cpus.effective"))
                .filter(file -> confinesToCores && Files.exists(file));
    }

    @Override
    public Cgroup of(String id) {
        return new V2(MOUNT.resolve(parent()).resolve(id), "/" + parent() + "/" + id + "/box");
    }

    @Override
    public void removeAll() throws IOException {
        Path cgroup = MOUNT.resolve(parent());
        CgroupTree.kill(cgroup);
        CgroupTree.remove(cgroup);
    }

    /**
     * @param directory a cgroup around the container's: events of those below count here too, and the runtime, which removes the
     *     container's own, leaves it alone
     */
    record V2(Path directory, String path) implements Cgroup {
        @Override
        public void started() {}

        @Override
        public LimitEvents limitEvents(Limits limits) {
            long kills = CgroupTree.counter(directory.resolve("memory.events"), "oom_kill");
            long peak = kills == 0 ? 0 : CgroupTree.number(directory.resolve("memory.peak"), limits.memoryBytes());
            if (Files.exists(directory.resolve("pids.events.local"))) {
                return new LimitEvents(kills, peak, CgroupTree.counter(directory.resolve("pids.events"), "max"), false);
            }
            // Up to Linux 6.10 refusals count in the container's cgroup alone, which is gone by now.
            boolean full = CgroupTree.number(directory.resolve("pids.peak"), 0) >= limits.pids();
            return new LimitEvents(kills, peak, 0, full);
        }

        @Override
        public List<ProcessHandle> processes() throws IOException {
            return CgroupTree.processes(directory.resolve("box"));
        }

        @Override
        public void kill() {
            CgroupTree.kill(directory);
        }

        @Override
        public void remove() throws IOException {
            kill();
            CgroupTree.remove(directory);
        }
    }
}
