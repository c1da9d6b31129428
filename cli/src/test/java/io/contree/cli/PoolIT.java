package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.Launched.Ended;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Program;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pools on loop devices of this machine, and a server that works on one. */
@ExtendWith(LeakChecker.class)
class PoolIT {
    @TempDir
    Path directory;

    private Path data;
    private Path image;

    @BeforeEach
    void prepare() throws IOException {
        Requirements.loopDevices();
        Requirements.program("mkfs.xfs", "xfsprogs");
        Requirements.program("mkfs.btrfs", "btrfs-progs");
        data = directory.toRealPath().resolve("data");
        image = data.resolveSibling("data.img");
    }

    @AfterEach
    void nothingIsLeft() throws IOException, InterruptedException {
        String devices = new Program("losetup").run("--list", "--noheadings", "--output", "BACK-FILE");
        assertThat(devices).doesNotContain(image.toString());
        assertThat(image).doesNotExist();
        assertThat(data.resolveSibling("data.img.unfinished")).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(data.toString());
        if (Files.exists(data)) {
            assertThat(data).isEmptyDirectory();
        }
    }

    private Ended pool(String verb, String... options) throws Exception {
        String[] all = Stream.concat(Stream.of("pool", verb, "--data", data.toString()), Stream.of(options))
                .toArray(String[]::new);
        return Launched.run(directory, all);
    }

    private static void good(Ended ended) {
        assertThat(ended.exitCode()).as(ended.err() + ended.out()).isZero();
    }

    private JsonNode status() throws Exception {
        Ended ended = pool("status", "--json");
        good(ended);
        return new JsonMapper().readTree(ended.out());
    }

    @ParameterizedTest
    @CsvSource({"xfs", "btrfs"})
    void aServerWorksOnOneThatGrowsAndIsRemoved(String fileSystem) throws Exception {
        Requirements.crun();
        good(pool("create", "--size", "1G", "--filesystem", fileSystem));
        try {
            assertThat(status().get("file_system").asString()).isEqualTo(fileSystem);
            assertThat(status().get("size").asLong()).isEqualTo(1L << 30);
            assertThat(status().get("allocated").asLong()).isLessThan(256L << 20);
            assertThat(Files.getFileStore(data).type()).isEqualTo(fileSystem);
            assertThat(doctorOn("reflinks")).startsWith("ok ");

            branchesGrowAndRemovalWaits();

            Ended kept = pool("remove");
            assertThat(kept.exitCode()).isEqualTo(1);
            assertThat(kept.err()).contains("holds data", "contree backup", "--force");
        } finally {
            good(pool("remove", "--force"));
        }
    }

    private void branchesGrowAndRemovalWaits() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Path root = RootFs.busybox(Files.createDirectory(directory.resolve("rootfs")));
        try (Launched server = Launched.start(home, "server", "--listen", "127.0.0.1:0", "--data", data.toString())) {
            server.awaitLine("listening on http://");
            good(Launched.run(home, "images", "import", "rootfs:" + root, "--tag", "box:1"));
            good(Launched.run(home, "run", "box:1", "--tag", "box:2", "-s", "--", "echo one > /file"));
            Ended branch = Launched.run(home, "run", "box:2", "-s", "--", "cat /file");
            assertThat(branch.out()).isEqualTo("one\n");

            Ended busy = pool("remove", "--force");
            assertThat(busy.exitCode()).isEqualTo(1);
            assertThat(busy.err()).contains("a server works on the pool", "stop it");
            good(pool("grow", "--size", "1536M"));
            assertThat(Files.getFileStore(data).getTotalSpace()).isGreaterThan(1280L << 20);
            assertThat(Launched.run(home, "run", "box:2", "-s", "--", "cat /file")
                            .out())
                    .isEqualTo("one\n");
            assertThat(server.signal("TERM")).isZero();
        }
    }

    private String doctorOn(String subject) throws Exception {
        return Launched.run(directory, "doctor", "--data", data.toString())
                .out()
                .lines()
                .filter(line -> line.contains(" " + subject + " "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itsDiskGetsBackWhatIsRemoved() throws Exception {
        good(pool("create", "--size", "1G"));
        try {
            Path file = data.resolve("zeros");
            new Program("dd").run("if=/dev/urandom", "of=" + file, "bs=1M", "count=200", "conv=fsync", "status=none");
            long full = status().get("allocated").asLong();
            Files.delete(file);
            new Program("sync").run("--file-system", data.toString());
            for (int i = 0; i < 100 && status().get("allocated").asLong() > full - (150L << 20); i++) {
                new Program("sync").run("--file-system", data.toString());
            }
            assertThat(status().get("allocated").asLong()).isLessThan(full - (150L << 20));
        } finally {
            good(pool("remove", "--force"));
        }
    }

    @Test
    void aSignKeepsAServerFromStartingBesideAPoolThatIsNotMounted() throws Exception {
        good(pool("create", "--size", "512M"));
        try {
            String line = status().get("fstab_line").asString();
            boolean direct = status().get("direct_io").asBoolean();
            new Program("umount").run(data.toString());
            Ended refused = Launched.run(directory, "server", "--listen", "127.0.0.1:0", "--data", data.toString());
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.err() + refused.out()).contains("has a pool that is not mounted", "contree pool mount");
            assertThat(pool("status").out()).contains("mounted  no");
            Path fstab = Files.writeString(directory.resolve("fstab"), line + "\n");
            new Program("mount").run("--fstab", fstab.toString(), data.toString());
            assertThat(status().get("direct_io").asBoolean()).isFalse();
            good(pool("mount"));
            assertThat(status().get("direct_io").asBoolean()).isEqualTo(direct);
            new Program("umount").run(data.toString());
            good(pool("mount"));
            assertThat(status().get("device").asString()).startsWith("/dev/loop");
            good(pool("mount"));
        } finally {
            good(pool("remove"));
        }
    }

    /** Whatever it had done when it was killed, the next attempt makes a pool of it. */
    @Test
    void aKilledCreationIsRepeated() throws Exception {
        for (String program : List.of("mkfs.xfs", "losetup", "mount")) {
            try (Launched create =
                    Launched.start(directory, "pool", "create", "--size", "512M", "--data", data.toString())) {
                awaitChild(create.pid(), program);
                create.signal("KILL");
            }
            good(pool("create", "--size", "512M"));
            good(pool("create", "--size", "512M"));
            assertThat(new Program("losetup")
                            .run("--associated", image.toString())
                            .lines())
                    .hasSize(1);
            good(pool("remove"));
        }
    }

    /** Until a process has started a program, or has ended because this was too late. */
    private static void awaitChild(long pid, String program) throws InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        while (process.isAlive()
                && process.children()
                        .noneMatch(child -> child.info().command().orElse("").endsWith("/" + program))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFailureOfTheRealProgramsLeavesNothing() throws Exception {
        Files.createDirectory(data);
        Files.writeString(data.resolve("thesis"), "mine");
        Ended taken = pool("create", "--size", "512M");
        assertThat(taken.err()).contains("is not empty (there is thesis)");
        Files.delete(data.resolve("thesis"));
        Ended large = pool("create", "--size", "8000000T", "--overcommit");
        assertThat(large.exitCode()).isEqualTo(1);
        assertThat(large.err()).contains("could not make");
        Ended room = pool("create", "--size", "4000T");
        assertThat(room.err()).contains("--overcommit");
    }
}
