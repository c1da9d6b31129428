package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LoopDisk;
import io.contree.testkit.Program;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Branches that write the same megabyte take it up once, on disks that share blocks. More of them, by hand: {@code
 * -Dcontree.branches=1000}.
 */
class EqualBranchesIT {
    private static final int BRANCHES = Integer.getInteger("contree.branches", 40);
    private static final int MIB = 1 << 20;
    private static final long MOST_FOR_ALL = 12L * MIB;
    private static final long MOST_FOR_EACH = 48_000;

    @ParameterizedTest
    @ValueSource(strings = {"mkfs.xfs -q -f", "mkfs.btrfs -q -f"})
    void theSameMegabyteIsStoredOnce(String mkfs, @TempDir Path directory) throws Exception {
        Path root = RootFs.busybox(Files.createDirectory(directory.resolve("root")));
        try (LoopDisk disk = LoopDisk.make(directory, 4L << 30, mkfs.split(" "))) {
            Path home = Files.createDirectory(disk.root().resolve("home"));
            try (TestServer server = TestServer.start(home)) {
                Api api = server.api();
                String box = api.importImage("rootfs:" + root, "box:1");
                api.imageAfter(box, "echo warm > /up");
                long before = used(disk);
                long began = System.nanoTime();
                Set<String> images = new HashSet<>();
                for (int branch = 0; branch < BRANCHES; branch++) {
                    images.add(api.imageAfter(
                            box, "seq 1 200000 | head -c " + MIB + " > /same; echo " + branch + " > /own"));
                }
                long ms = (System.nanoTime() - began) / 1_000_000;
                assertThat(images).hasSize(BRANCHES);
                long more = used(disk) - before;
                System.out.printf(
                        "%s: %d branches with the same MiB take up %,d bytes more, after %d ms%n",
                        mkfs, BRANCHES, more, ms);
                assertThat(more).isLessThan(MOST_FOR_ALL + BRANCHES * MOST_FOR_EACH);
            }
        }
    }

    /** As df says, once everything is on the disk. */
    private static long used(LoopDisk disk) throws IOException, InterruptedException {
        new Program("sync").run("-f", disk.root().toString());
        FileStore store = Files.getFileStore(disk.root());
        return store.getTotalSpace() - store.getUnallocatedSpace();
    }
}
