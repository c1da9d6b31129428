package io.contree.testkit.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.IdMapping;
import io.contree.testkit.LoopDisk;
import io.contree.testkit.Requirements;
import io.contree.testkit.Trees;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walker in plain directories. */
class WalkerIT {
    private Path scratch;
    private Walker walker;

    @BeforeEach
    void compile() throws Exception {
        Requirements.root();
        scratch = Files.createTempDirectory("contree-walker-");
        walker = Walker.compile(scratch);
    }

    @AfterEach
    void remove() throws Exception {
        if (scratch != null) {
            Trees.remove(scratch);
        }
    }

    @Test
    void doesTheSameInTwoDirectoriesAndEverythingOnceAtLeast() throws Exception {
        Path one = Files.createDirectory(scratch.resolve("one"));
        Path other = Files.createDirectory(scratch.resolve("other"));
        Set<String> done = new TreeSet<>();
        TwoWalks walks = new TwoWalks(step -> walker.run(one, step), step -> {
            String printed = walker.run(other, step);
            printed.lines()
                    .filter(line -> line.matches("\\d+ .* -> done"))
                    .forEach(line -> done.add(line.split(" +")[1]));
            return printed;
        });
        for (int step = 1; step <= 20; step++) {
            walks.step("step " + step, Walker.step(1, step, 60, step % 5 == 0));
        }
        assertThat(walks.moved()).isEmpty();
        assertThat(done)
                .contains("create", "append", "truncate", "write-in", "punch-hole", "mmap", "mkdir", "rmdir", "unlink")
                .contains("rm-r", "rename", "exchange", "rename-new", "there", "and-back", "replace", "link", "symlink")
                .contains(
                        "mknod",
                        "chmod",
                        "fchmod",
                        "chown",
                        "setcap",
                        "setxattr",
                        "removexattr",
                        "touch",
                        "tmpfile",
                        "linkat")
                .contains("open-unlink", "open-rename", "held-rename", "copy", "settle");
    }

    /** Btrfs takes nothing from a file in which there is a hole already; a chain on it failed by that, once data were on the disk. */
    @ParameterizedTest
    @ValueSource(strings = {"mkfs.xfs -q -f", "mkfs.btrfs -q -f"})
    void whatAHoleTakesFromAFileDoesNotDependOnTheDisk(String mkfs) throws Exception {
        Path here = sparsePrograms(scratch.resolve("here"));
        try (LoopDisk disk = LoopDisk.make(scratch, 1L << 30, mkfs.split(" "))) {
            Path there = sparsePrograms(disk.root().resolve("there"));
            TwoWalks walks = new TwoWalks(
                    step -> walker.runMapped(IdMapping.DEFAULT, here, step),
                    step -> walker.runMapped(IdMapping.DEFAULT, there, step),
                    // Disks differ in what they take for a change of the content.
                    path -> true);
            for (int step = 1; step <= 4; step++) {
                walks.step("step " + step, Walker.step(1, step, 100, false));
            }
        }
    }

    /** A directory of files that run as their owner, and are nothing but a hole. */
    private static Path sparsePrograms(Path directory) throws Exception {
        Files.createDirectory(directory);
        for (int i = 0; i < 30; i++) {
            Path file = directory.resolve("program" + i);
            try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
                content.setLength(300_000);
            }
            Files.setAttribute(file, "unix:mode", 0104755);
        }
        return directory;
    }

    @Test
    void runsACommandBetweenTwoListings() throws Exception {
        Path directory = Files.createDirectory(scratch.resolve("one"));
        Files.writeString(directory.resolve("a"), "a");
        String printed = walker.run(directory, Walker.script("mv a b; ln b c; echo said; echo complained >&2; exit 3"));
        WalkedStep step = WalkedStep.parse(printed);
        assertThat(step.before().common()).containsOnlyKeys("a");
        assertThat(step.operations()).isEqualTo(List.of("said", "complained", "", "status 768"));
        assertThat(step.after().common().get("c")).contains("links=2 first=b");
    }
}
