package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Stat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootFsIT {
    @TempDir
    Path temp;

    @Test
    void busyboxRunsInItsTree() throws Exception {
        Requirements.root();
        Path root = RootFs.busybox(Files.createDirectory(temp.resolve("root")));

        String output =
                new Program("chroot").run(root.toString(), "/bin/sh", "-c", "id -u; ls /tmp | wc -l; stat -c %a /tmp");

        assertThat(output).isEqualTo("0\n0\n1777\n");
    }

    @Test
    void packingAndUnpackingChangesNothing() throws Exception {
        Path root = RootFs.busybox(Files.createDirectory(temp.resolve("root")));
        Path back = Files.createDirectory(temp.resolve("back"));

        RootFs.unpack(RootFs.pack(root, temp.resolve("root.tar")), back);

        TreeSnapshot.read(back).assertSameAs(TreeSnapshot.read(root));
    }

    @Test
    void debianIsWholeAndMadeOnce() throws Exception {
        Path tree = RootFs.debianTree();
        Object made = Files.getAttribute(tree, "unix:ctime");

        assertThat(RootFs.debianTree()).isEqualTo(tree);
        assertThat(Files.getAttribute(tree, "unix:ctime")).isEqualTo(made);
        Map<String, SnapshotEntry> entries = TreeSnapshot.read(tree).entries();
        assertThat(entries).hasSizeGreaterThan(5000);
        assertThat(entries.get("dev/null").device()).isEqualTo("1:3");
        assertThat(entries.get("usr/bin/passwd").mode()).isEqualTo(Stat.REGULAR | 04755);
        assertThat(entries.get("etc/shadow").gid()).isEqualTo(42);
        assertThat(RootFs.debianTar()).isRegularFile();
    }
}
