package io.contree.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Cgroups with a hierarchy for each controller. */
final class CgroupsV1 extends Cgroups {
    private static final List<String> NEEDED = List.of("memory", "cpu", "pids");

    /** Every hierarchy; among them may be the empty directory where v2 was unmounted, in which the runtime makes files. */
    private final List<Path> hierarchies;

    CgroupsV1(String parent) throws IOException {
        super(parent);
        hierarchies = CgroupTree.children(MOUNT);
        for (String controller : NEEDED) {
            if (!Files.exists(MOUNT.resolve(controller).resolve("cgroup.procs"))) {
                throw unusable("the cgroup controller " + controller + " is not mounted at " + MOUNT.resolve(controller)
                        + "; mount it there or use cgroup v2");
            }
        }
    }

    @Override
    String version() {
        return "cgroup v1";
    }

    @Override
    boolean limitsSwap() {
        return Files.exists(MOUNT.resolve("memory/memory.memsw.limit_in_bytes"));
    }

    @Override
    Cgroup of(String id) {
        return new V1(id);
    }

    @Override
    void removeAll() throws IOException {
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
        // The kernel counts OOM kills in the cgroup itself and nowhere above, and the runtime removes that as soon as
        // the container ends. Under another name it stays until the count was read.
        private final Path kept;

        V1(String id) {
            this.id = id;
            this.kept = MOUNT.resolve("memory").resolve(parent()).resolve(id + ".kept");
        }

        @Override
        public String path() {
            return "/" + parent() + "/" + id;
        }

        @Override
        public void started() throws IOException {
            Files.move(in(MOUNT.resolve("memory")), kept, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public long oomKills() {
            return CgroupTree.counter(kept.resolve("memory.oom_control"), "oom_kill");
        }

        @Override
        public List<ProcessHandle> processes() throws IOException {
            return CgroupTree.processes(in(MOUNT.resolve("pids")));
        }

        @Override
        public void kill() {
            CgroupTree.kill(in(MOUNT.resolve("pids")));
        }

        @Override
        public void remove() throws IOException {
            kill();
            CgroupTree.remove(kept);
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
