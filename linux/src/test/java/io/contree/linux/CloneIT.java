package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clones and overlays on file systems that share blocks, on a loop device. */
class CloneIT {
    private static final int SIZE = 8 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"btrfs", "xfs"})
    void copiesAreClonesWhereTheFileSystemCan(String type) throws Exception {
        try (OverlayFixture fixture = new OverlayFixture()) {
            Path disk = mountLoop(type, fixture);
            byte[] content = new byte[SIZE];
            new Random(1).nextBytes(content);
            Files.write(disk.resolve("from"), content);
            try (Fd from = FileCalls.open(Fd.CWD, Mounts.raw(disk.resolve("from")), FileCalls.READ, 0, 0);
                    Fd to = FileCalls.open(
                            Fd.CWD, Mounts.raw(disk.resolve("to")), FileCalls.WRITE | FileCalls.CREATE, 0600, 0)) {
                assertThat(FileCalls.copy(from, to)).isTrue();
            }
            assertThat(disk.resolve("to")).hasBinaryContent(content);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"btrfs", "xfs", "ext4"})
    void idMappedOverlaysWork(String type) throws Exception {
        try (OverlayFixture fixture = new OverlayFixture();
                UserNamespace owner = UserNamespace.create(IdMapping.DEFAULT)) {
            Path disk = mountLoop(type, fixture);
            Path bottom = Files.createDirectory(disk.resolve("bottom"));
            Files.writeString(bottom.resolve("file"), "x");
            Mounts.Upper upper = new Mounts.Upper(
                    Files.createDirectory(disk.resolve("upper")), Files.createDirectory(disk.resolve("work")));
            Mounts.overlay(new Mounts.Overlay(List.of(bottom), Optional.of(upper), Optional.of(owner)), fixture.target);
            FileCalls.chmod(Fd.CWD, Mounts.raw(fixture.root), 0755);
            OverlayFixture.runAs(100_000, "sh", "-c", "echo y >> " + fixture.target.resolve("file"));

            assertThat(OverlayFixture.uid(upper.upper().resolve("file"))).isZero();
            Mounts.unmount(fixture.target, false);
        }
    }

    private static Path mountLoop(String type, OverlayFixture fixture) throws IOException, InterruptedException {
        Path image = fixture.root.resolve("disk");
        Path at = Files.createDirectory(fixture.root.resolve("mounted"));
        // Sparse; the smallest that each of the makers takes.
        run("truncate", "--size=320M", image.toString());
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/mkfs." + type)), "mkfs." + type + " is not installed");
        run("/usr/sbin/mkfs." + type, "-q", image.toString());
        assumeTrue(
                Files.readString(Path.of("/proc/filesystems")).contains("\t" + type + "\n"),
                "the kernel has no " + type);
        run("mount", "-o", "loop", image.toString(), at.toString());
        return at;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
