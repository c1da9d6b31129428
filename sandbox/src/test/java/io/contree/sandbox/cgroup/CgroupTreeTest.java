package io.contree.sandbox.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTreeTest {
    @TempDir
    Path directory;

    @Test
    void readsCounters() throws IOException {
        Path events = Files.writeString(directory.resolve("memory.events"), "low 0\noom 3\noom_kill 2\n");
        assertThat(CgroupTree.counter(events, "oom_kill")).isEqualTo(2);
        assertThat(CgroupTree.counter(events, "oom")).isEqualTo(3);
        assertThat(CgroupTree.counter(events, "max")).isZero();
        assertThat(CgroupTree.counter(directory.resolve("none"), "oom")).isZero();
    }

    @Test
    void removesCgroupsFromTheLeavesUp() throws IOException {
        Path cgroup = Files.createDirectories(directory.resolve("a/b/c"));
        CgroupTree.remove(directory.resolve("a"));
        assertThat(cgroup).doesNotExist();
        CgroupTree.remove(directory.resolve("a"));
        assertThat(CgroupTree.children(directory.resolve("a"))).isEmpty();
    }
}
