package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRemoverTest {
    @TempDir
    Path temp;

    @Test
    void removesTreesDeeperThanAnyPath() throws Exception {
        // 3,000 levels of 10 bytes: far beyond PATH_MAX and, if each were open, beyond a common limit of 1,024 files.
        Path top = Files.createDirectory(temp.resolve("deep"));
        Fd at = FileCalls.open(Fd.CWD, Mounts.raw(top), FileCalls.DIRECTORY, 0, 0);
        for (int i = 0; i < 3000; i++) {
            FileCalls.makeDirectory(at, "directory", 0755);
            FileCalls.open(at, "file", FileCalls.CREATE, 0644, 0).close();
            Fd next = FileCalls.open(at, "directory", FileCalls.DIRECTORY, 0, 0);
            at.close();
            at = next;
        }
        at.close();

        FileCalls.removeTree(Fd.CWD, Mounts.raw(top));

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void removesWideAndBranchingTrees() throws Exception {
        Path top = Files.createDirectory(temp.resolve("top"));
        Deque<Path> level = new ArrayDeque<>(List.of(top));
        for (int depth = 0; depth < TreeRemover.MAX_OPEN + 5; depth++) {
            Path at = level.removeFirst();
            for (int i = 0; i < 3; i++) {
                level.addLast(Files.createDirectory(at.resolve("d" + i)));
                Files.writeString(at.resolve("f" + i), "x");
            }
            level.addFirst(level.removeLast());
        }
        for (int i = 0; i < 3000; i++) {
            Files.createFile(top.resolve("a-file-whose-name-fills-the-buffer-" + i));
        }
        Files.createDirectory(top.resolve(".removing-0"));

        FileCalls.removeTree(Fd.CWD, Mounts.raw(top));

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void removesLinksAndNotTheirTargets() throws Exception {
        Path kept = Files.createDirectory(temp.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path top = Files.createDirectory(temp.resolve("top"));
        Files.createSymbolicLink(top.resolve("link"), kept);
        Files.createSymbolicLink(temp.resolve("topmost"), kept);

        FileCalls.removeTree(Fd.CWD, Mounts.raw(top));
        FileCalls.removeTree(Fd.CWD, Mounts.raw(temp.resolve("topmost")));

        try (Stream<Path> left = Files.walk(temp)) {
            assertThat(left).containsExactlyInAnyOrder(temp, kept, kept.resolve("file"));
        }
    }

    @Test
    void removesAFileAndIgnoresAnAbsentOne() throws Exception {
        try (Fd dir = FileCalls.open(Fd.CWD, Mounts.raw(temp), FileCalls.DIRECTORY, 0, 0)) {
            Files.writeString(temp.resolve("file"), "x");
            FileCalls.removeTree(dir, "file");
            FileCalls.removeTree(dir, "file");
            FileCalls.removeTree(dir, "no/such/parent");
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void removesReadOnlyDirectories() throws Exception {
        Path top = Files.createDirectory(temp.resolve("top"));
        Path inner = Files.createDirectory(top.resolve("inner"));
        Files.writeString(inner.resolve("file"), "x");
        try (Fd dir = FileCalls.open(Fd.CWD, Mounts.raw(top), FileCalls.DIRECTORY, 0, 0)) {
            FileCalls.chmod(dir, "inner", 0);
            FileCalls.chmod(dir, "", 0500);
        }

        FileCalls.removeTree(Fd.CWD, Mounts.raw(top));

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void refusesPathsWithoutAName() throws IOException {
        Files.createDirectory(temp.resolve("d"));
        for (String path : new String[] {"", "/", temp + "/d/", temp + "/d/.", temp + "/d/.."}) {
            assertThatThrownBy(() -> FileCalls.removeTree(Fd.CWD, path)).hasMessageContaining("EINVAL");
        }
        assertThat(temp.resolve("d")).exists();
    }
}
