package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.Host;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeSnapshotTest {
    private static final String STRANGE = "\u00ff";

    @TempDir
    Path temp;

    private Path left;
    private Path right;

    @BeforeEach
    void makeTwoEqualTrees() throws Exception {
        left = make("left");
        right = make("right");
    }

    @Test
    void equalTreesDoNotDiffer() throws Exception {
        assertThat(TreeSnapshot.read(left).differences(TreeSnapshot.read(right)))
                .isEmpty();
        assertThat(TreeSnapshot.read(left).entries())
                .containsOnlyKeys("", "d", "d/" + STRANGE, "d/second", "fifo", "file", "link");
    }

    @Test
    void everyPropertyCounts() throws Exception {
        TreeSnapshot before = TreeSnapshot.read(left);
        try (Fd dir = FileCalls.open(Fd.CWD, raw(right), FileCalls.DIRECTORY, 0, 0)) {
            assertDiffers(before, "/file mode", () -> FileCalls.chmod(dir, "file", 0600));
            assertDiffers(before, "/link mtime", () -> FileCalls.setTimes(dir, "link", 1));
            assertDiffers(before, "xattrs", () -> FileCalls.setXattr(dir, "file", "user.a", RawPath.bytes("other")));
            assertDiffers(before, "/file content", () -> Files.writeString(right.resolve("file"), "CONTENT"));
            assertDiffers(before, "/file size", () -> Files.writeString(right.resolve("file"), "longer than that"));
            assertDiffers(before, "/link content", () -> {
                FileCalls.unlink(dir, "link", false);
                FileCalls.makeSymlink("elsewhere", dir, "link");
            });
            assertDiffers(before, "hard link of", () -> {
                FileCalls.unlink(dir, "d/second", false);
                Files.writeString(right.resolve("d/second"), "content");
            });
            assertDiffers(before, "/fifo is only in this tree", () -> FileCalls.unlink(dir, "fifo", false));
            assertDiffers(before, "/new is only in the other tree", () -> Files.createFile(right.resolve("new")));
        }
    }

    @Test
    void ownersAndDevicesCount() throws Exception {
        Assumptions.assumeTrue(Host.isRoot(), "changing owners needs root");
        TreeSnapshot before = TreeSnapshot.read(left);
        try (Fd dir = FileCalls.open(Fd.CWD, raw(right), FileCalls.DIRECTORY, 0, 0)) {
            assertDiffers(before, "/file uid: 0 != 5", () -> FileCalls.chown(dir, "file", 5, 0));
            assertDiffers(before, "/file gid: 0 != 6", () -> FileCalls.chown(dir, "file", 0, 6));
            FileCalls.unlink(dir, "fifo", false);
            FileCalls.makeNode(dir, "fifo", Stat.CHARACTER_DEVICE | 0600, 1, 3);
            assertThat(TreeSnapshot.read(right).entries().get("fifo").device()).isEqualTo("1:3");
        }
    }

    @Test
    void timesAndPathsCanBeLeftOut() throws Exception {
        Files.setLastModifiedTime(right.resolve("d"), FileTime.fromMillis(5));
        TreeSnapshot before = TreeSnapshot.read(left);
        assertThat(before.differences(TreeSnapshot.read(right))).hasSize(1);
        before.withoutDirectoryTimes().assertSameAs(TreeSnapshot.read(right).withoutDirectoryTimes());

        Files.setLastModifiedTime(right.resolve("file"), FileTime.fromMillis(5));
        before.withoutTimes().assertSameAs(TreeSnapshot.read(right).withoutTimes());
        assertThat(before.without(path -> path.startsWith("d/")).entries()).doesNotContainKey("d/second");
    }

    @Test
    void anAssertionNamesTheDifferences() throws Exception {
        Files.delete(right.resolve("file"));
        TreeSnapshot changed = TreeSnapshot.read(right).withoutTimes();

        assertThatThrownBy(() -> changed.assertSameAs(TreeSnapshot.read(left).withoutTimes()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 differences")
                .hasMessageContaining("/file is only in the other tree");
    }

    private interface Change {
        void make() throws Exception;
    }

    private void assertDiffers(TreeSnapshot before, String expected, Change change) throws Exception {
        change.make();
        assertThat(before.differences(TreeSnapshot.read(right))).anyMatch(difference -> difference.contains(expected));
    }

    private Path make(String name) throws Exception {
        Path root = Files.createDirectory(temp.resolve(name));
        try (Fd dir = FileCalls.open(Fd.CWD, raw(root), FileCalls.DIRECTORY, 0, 0)) {
            FileCalls.makeDirectory(dir, "d", 0755);
            FileCalls.makeSymlink("file", dir, "link");
            FileCalls.makeNode(dir, "fifo", Stat.FIFO | 0600, 0, 0);
            Files.writeString(root.resolve("file"), "content");
            Files.writeString(root.resolve("d/second"), "content");
            FileCalls.link(dir, "d/second", dir, "d/" + STRANGE);
            FileCalls.setXattr(dir, "file", "user.a", RawPath.bytes("value"));
            for (String path : new String[] {"d/second", "link", "fifo", "file", "d"}) {
                FileCalls.setTimes(dir, path, 1_700_000_000_000_000_001L);
            }
            FileCalls.setTimes(dir, "", 1_700_000_000_000_000_002L);
        }
        return root;
    }

    private static String raw(Path path) {
        return RawPath.of(path).raw();
    }
}
