package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.testkit.LoopDisk;
import io.contree.testkit.Program;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody fills the disk of the data directory to the last byte: what is removed gives room, before and after a start. */
class FullDiskIT {
    private static final int MIB = 1 << 20;
    private static final int HALF = 5;

    @ParameterizedTest
    @ValueSource(strings = {"mkfs.ext4 -q -F -m 0", "mkfs.xfs -q -f", "mkfs.btrfs -q -f"})
    void removingGivesRoom(String mkfs, @TempDir Path directory) throws Exception {
        Path root = RootFs.busybox(Files.createDirectory(directory.resolve("root")));
        try (LoopDisk disk = LoopDisk.make(directory, 320L * MIB, mkfs.split(" "))) {
            Path home = Files.createDirectory(disk.root().resolve("home"));
            List<Image> images = new ArrayList<>();
            String box;
            try (TestServer server = TestServer.start(home);
                    Contree contree = server.connect()) {
                box = server.api().importImage("rootfs:" + root, "box:1");
                for (int i = 0; i < 2 * HALF; i++) {
                    images.add(contree.images()
                            .find(box)
                            .shell("head -c " + 5 * MIB + " /dev/urandom > /own")
                            .execute()
                            .image());
                }
            }
            // A log of the catalog that has no blocks yet is what a removal would fail for.
            try (TestServer server = TestServer.start(home);
                    Contree contree = server.connect()) {
                fill(disk);
                remove(contree, images.subList(0, HALF), disk);
            }
            fill(disk);
            try (TestServer server = TestServer.start(home);
                    Contree contree = server.connect()) {
                remove(contree, images.subList(HALF, 2 * HALF), disk);
                Files.delete(disk.root().resolve("ballast"));
                assertThat(contree.images()
                                .find(box)
                                .shell("echo on > /f; cat /f")
                                .execute()
                                .stdout())
                        .isEqualTo("on\n");
                System.out.printf(
                        "%s: %d times what was held back was used%n",
                        mkfs,
                        server.log()
                                .lines()
                                .filter(line -> line.contains("what was held back"))
                                .count());
            }
        }
    }

    private static void remove(Contree contree, List<Image> images, LoopDisk disk) throws Exception {
        long before = disk.free();
        for (Image image : images) {
            contree.images().find(image.uuid().toString()).remove();
        }
        contree.images().collect();
        new Program("sync").run("-f", disk.root().toString());
        contree.images().collect(); // btrfs did not yet know at the first that there is room to be held back again
        assertThat(disk.free() - before).isGreaterThan((HALF - 3) * 5L * MIB);
    }

    /** Until not even a byte can be written; in small pieces at the end. */
    private static void fill(LoopDisk disk) throws IOException, InterruptedException {
        Path ballast = disk.root().resolve("ballast");
        for (int round = 0; round < 3; round++) {
            for (int piece = MIB; piece > 0; piece /= 16) {
                try (OutputStream out =
                        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    while (true) {
                        out.write(new byte[piece]);
                    }
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("No space left");
                }
            }
            new Program("sync").run("-f", disk.root().toString());
        }
    }
}
