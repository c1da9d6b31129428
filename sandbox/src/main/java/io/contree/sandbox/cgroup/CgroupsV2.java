package io.contree.sandbox.cgroup;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.SandboxSpec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    public MadeCgroup made(String id) {
        return new Made(MOUNT.resolve(parent()).resolve(id));
    }

    @Override
    public Map<String, String> mounts() {
        return Map.of();
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

    /** As {@link V2}: what is read after the end lies around what the processes are in. */
    private final class Made implements MadeCgroup {
        private static final String CONTROLS = "cgroup.subtree_control";

        private final V2 around;
        private final Path box;

        Made(Path directory) {
            this.around = new V2(directory, "");
            this.box = directory.resolve("box");
        }

        @Override
        public void make() throws IOException {
            Path own = MOUNT.resolve(parent());
            if (!Files.isDirectory(own)) {
                Files.createDirectories(own);
                delegate(MOUNT);
                delegate(own);
            }
            Files.createDirectory(around.directory());
            delegate(around.directory());
            Files.createDirectory(box);
        }

        private void delegate(Path directory) throws IOException {
            String controllers = "+memory +cpu +pids" + (confinesToCores ? " +cpuset" : "");
            Files.writeString(directory.resolve(CONTROLS), controllers);
        }

        @Override
        public List<Fd> entrances() throws IOException {
            return List.of(FileCalls.open(box.resolve("cgroup.procs"), FileCalls.WRITE));
        }

        @Override
        public void limit(Limits limits, Optional<CpuSet> cores) throws IOException {
            write("memory.max", String.valueOf(limits.memoryBytes()));
            if (Files.exists(box.resolve("memory.swap.max"))) {
                write("memory.swap.max", "0");
            }
            write("cpu.max", quotaMicros(limits.cpus()) + " " + CPU_PERIOD_MICROS);
            write("pids.max", String.valueOf(limits.pids()));
            if (cores.isPresent()) {
                write("cpuset.cpus", cores.get().text());
            }
        }

        private void write(String file, String value) throws IOException {
            Files.writeString(box.resolve(file), value);
        }

        @Override
        public String path() {
            return around.path();
        }

        @Override
        public void started() {
            around.started();
        }

        @Override
        public LimitEvents limitEvents(Limits limits) {
            return around.limitEvents(limits);
        }

        @Override
        public List<ProcessHandle> processes() throws IOException {
            return around.processes();
        }

        @Override
        public void kill() {
            around.kill();
        }

        @Override
        public void remove() throws IOException {
            around.remove();
        }
    }
}
