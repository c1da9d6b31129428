package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LoopDisk;
import io.contree.testkit.RootFs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Several runs that fill a disk at once, on file systems that each count free space in their own way. */
class DiskFileSystemsIT {
    private static final String SMALL =
            "for i in 1 2 3 4 5 6 7 8 9; do head -c 100000 /dev/urandom > /f$i; sleep 0.1; done;"
                    + " sha256sum /f? > /sums";

    @ParameterizedTest
    @ValueSource(strings = {"mkfs.ext4 -q -F -m 0", "mkfs.xfs -q -f", "mkfs.btrfs -q -f"})
    void theDiskIsNeverEatenUp(String mkfs, @TempDir Path directory) throws Exception {
        Path root = RootFs.busybox(Files.createDirectory(directory.resolve("root")));
        try (LoopDisk disk = LoopDisk.make(directory, 1L << 30, mkfs.split(" "))) {
            Path home = Files.createDirectory(disk.root().resolve("home"));
            try (TestServer server = TestServer.start(home, "--disk-reserve", "15%")) {
                Api api = server.api();
                String box = api.importImage("rootfs:" + root, "box:1");
                limited(api, box);
                greedy(api, box);
                // All that they took is free again, and so is all that the server reserves.
                assertThat(api.imageAfter(box, "head -c 50000000 /dev/zero > /f"))
                        .isNotEqualTo(box);
            }
        }
    }

    private static void limited(Api api, String box) throws Exception {
        JsonNode record = api.await(api.spawn(Map.of(
                "image",
                box,
                "command",
                "dd if=/dev/zero of=/big bs=1M; sleep 60",
                "shell",
                true,
                "resources_limits",
                Map.of("max_layer_bytes", 20 << 20))));
        assertThat(record.at("/outcome/reason").asString())
                .as(record.toString())
                .isEqualTo("disk_limit");
    }

    private static void greedy(Api api, String box) throws Exception {
        String neighbour = api.spawn(Map.of("image", box, "command", SMALL, "shell", true));
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(api.spawn(Map.of(
                    "image",
                    box,
                    "command",
                    "dd if=/dev/zero of=/big bs=1M; sleep 2",
                    "shell",
                    true,
                    "disposable",
                    true)));
        }
        int stopped = 0;
        for (String run : runs) {
            JsonNode record = api.await(run);
            if (record.get("status").asString().equals("FAILED")) {
                assertThat(record.get("error").asString()).contains("in reserve");
                stopped++;
            }
        }
        assertThat(stopped).isPositive();
        JsonNode record = api.await(neighbour);
        if (record.get("status").asString().equals("SUCCESS")) {
            JsonNode check = api.shell(record.at("/result/image").asString(), "sha256sum -c /sums");
            assertThat(check.at("/metadata/result/state/exit_code").asInt())
                    .as(check.toString())
                    .isZero();
        } else {
            assertThat(record.get("error").asString()).contains("in reserve");
        }
    }
}
