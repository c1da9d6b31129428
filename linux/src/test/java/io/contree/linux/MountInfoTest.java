package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.Host.CgroupMode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountInfoTest {
    private static final MountInfo V1 =
            MountInfo.parse("32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu");
    private static final MountInfo UNIFIED =
            MountInfo.parse("41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw");
    private static final MountInfo V2 =
            MountInfo.parse("41 31 0:38 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate");

    @Test
    void readsEveryField() {
        assertThat(V2)
                .isEqualTo(new MountInfo(
                        41, Path.of("/sys/fs/cgroup"), "rw,nosuid", "cgroup2", "cgroup2", "rw,nsdelegate"));
    }

    @Test
    void undoesTheEscapes() {
        MountInfo mount = MountInfo.parse(
                "5 1 0:1 / /a\\040b\\134c rw shared:1 master:2 - overlay con\\011tree rw,lowerdir=/\u00c3\u00a9");

        assertThat(mount.point()).hasToString("/a b\\c");
        assertThat(mount.source()).isEqualTo("con\ttree");
        assertThat(mount.fileSystemOptions()).isEqualTo("rw,lowerdir=/\u00e9");
    }

    @Test
    void refusesWhatIsNoMount() {
        assertThatThrownBy(() -> MountInfo.parse("1 2 3")).hasMessageContaining("1 2 3");
    }

    @Test
    void seesTheRootFileSystem() throws Exception {
        assertThat(MountInfo.ofThisProcess()).extracting(MountInfo::point).contains(Path.of("/"), Path.of("/proc"));
        assertThat(Mounts.below(Path.of("/"))).endsWith(Path.of("/"));
    }

    @Test
    void tellsCgroupModes() {
        assertThat(Host.cgroupMode(List.of(V2))).isEqualTo(CgroupMode.V2);
        assertThat(Host.cgroupMode(List.of(V1))).isEqualTo(CgroupMode.V1);
        assertThat(Host.cgroupMode(List.of(V1, UNIFIED))).isEqualTo(CgroupMode.HYBRID);
        assertThat(Host.cgroupMode(List.of())).isEqualTo(CgroupMode.NONE);
    }

    @Test
    void aProcessSharesTheNamespaceOfWhoStartedIt() throws Exception {
        Process child = new ProcessBuilder("cat").start();
        try {
            assertThat(MountInfo.of(child.pid())).isEqualTo(MountInfo.ofThisProcess());
        } finally {
            child.destroy();
            child.waitFor();
        }
    }

    @Test
    void knowsTheKernel() throws Exception {
        assertThat(Host.kernelRelease()).matches("\\d+\\.\\d+.*").doesNotContain("\n");
        assertThat(Host.isRoot())
                .isEqualTo(ProcessHandle.current().info().user().orElseThrow().equals("root"));
    }
}
