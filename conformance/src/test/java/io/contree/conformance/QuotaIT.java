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

/** Limits of what runs write on disks that keep them: the write is refused, while everything else goes on. */
class QuotaIT {
    private static final long MB = 1_000_000;
    /** What a run is let write beyond its limit, and what else a server writes meanwhile. */
    private static final long SLACK = 3 * MB;

    private static final String EXT4 = "mkfs.ext4 -q -F -O quota,project";
    private static final String XFS = "mkfs.xfs -q -f";

    @TempDir
    Path directory;

    private interface Check {
        void on(TestServer server, LoopDisk disk, String box) throws Exception;
    }

    private void on(String mkfs, Check check) throws Exception {
        Path root = RootFs.busybox(Files.createDirectory(directory.resolve("root")));
        try (LoopDisk disk = LoopDisk.makeWithQuota(directory, 1L << 30, mkfs.split(" "))) {
            Path home = Files.createDirectory(disk.root().resolve("home"));
            try (TestServer server = TestServer.start(home, "--max-layer-files", "2000")) {
                check.on(server, disk, server.api().importImage("rootfs:" + root, "box:1"));
            }
        }
    }

    private static String start(Api api, String image, String command, long limit) throws Exception {
        return api.spawn(Map.of(
                "image",
                image,
                "command",
                command,
                "shell",
                true,
                "resources_limits",
                Map.of("max_layer_bytes", limit)));
    }

    private static JsonNode run(Api api, String image, String command, long limit) throws Exception {
        return api.await(start(api, image, command, limit));
    }

    private static String said(JsonNode record) {
        return record.at("/metadata/result/stdout/value").asString()
                + record.at("/metadata/result/stderr/value").asString();
    }

    private static String kept(JsonNode record) {
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("SUCCESS");
        return record.at("/result/image").asString();
    }

    private static void assertRefused(JsonNode record, String unit, long allowed) {
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("FAILED");
        assertThat(record.at("/outcome/reason").asString())
                .as(record.toString())
                .isEqualTo("disk_limit");
        assertThat(record.at("/outcome/limits/0/limit").asString()).isEqualTo("disk");
        assertThat(record.at("/outcome/limits/0/unit").asString()).isEqualTo(unit);
        assertThat(record.at("/outcome/limits/0/allowed").asLong()).isEqualTo(allowed);
        assertThat(record.at("/outcome/limits/0/peak").asLong()).isGreaterThan(allowed);
        assertThat(record.at("/result/image").isNull()).as(record.toString()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {EXT4, XFS})
    void aWriteBeyondTheLimitIsRefusedAndEverythingElseGoesOn(String mkfs) throws Exception {
        on(mkfs, (server, disk, box) -> {
            Api api = server.api();
            long before = disk.free();
            String greedy = start(
                    api,
                    box,
                    "dd if=/dev/zero of=/big bs=64k count=1600; echo dd=$?; echo > /next;"
                            + " cat /big /big | wc -c; sleep 2",
                    10 * MB);
            long lowest = Long.MAX_VALUE;
            int others = 0;
            while (api.getJson("/operations/" + greedy)
                    .at("/status")
                    .asString()
                    .matches("PENDING|ASSIGNED|EXECUTING")) {
                lowest = Math.min(lowest, disk.free());
                if (others < 3) {
                    kept(run(api, box, "echo " + others + " > /other", 10 * MB));
                    assertThat(api.upload(("text " + others).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                    .statusCode())
                            .isLessThan(300);
                    others++;
                }
            }
            assertThat(others).isEqualTo(3);
            JsonNode record = api.await(greedy);
            assertRefused(record, "bytes", 10 * MB);
            assertThat(said(record)).contains("dd=1").containsPattern("No space left on device|[Qq]uota exceeded");
            assertThat(before - lowest).isLessThan(10 * MB + SLACK);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {EXT4, XFS})
    void filesAreCountedAsBytesAre(String mkfs) throws Exception {
        on(mkfs, (server, disk, box) -> {
            JsonNode record = run(
                    server.api(),
                    box,
                    "mkdir /d; i=0; while [ $i -lt 100000 ]; do echo > /d/$i || break; i=$((i+1)); done 2> /dev/null;"
                            + " ls /d | wc -l",
                    1000 * MB);
            assertRefused(record, "files", 2000);
            assertThat(Long.parseLong(said(record).strip())).isBetween(1900L, 2100L);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {EXT4, XFS})
    void eachRunHasItsOwnAndLayersHaveNone(String mkfs) throws Exception {
        on(mkfs, (server, disk, box) -> {
            Api api = server.api();
            String eight = "head -c 8000000 /dev/urandom > /f; sleep 1";
            List<String> together = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                together.add(start(api, box, eight, 10 * MB));
            }
            String image = box;
            for (String run : together) {
                image = kept(api.await(run));
            }
            // What lies below counts once it is copied up, and only then.
            for (int i = 0; i < 12; i++) {
                image = kept(run(api, image, "head -c 5000000 /dev/urandom > /g" + i % 3 + "; mkdir /d" + i, 10 * MB));
            }
            image = kept(run(api, image, "echo more >> /f; mv /d1 /e1; ln /g1 /h1; rm /g2", 10 * MB));
            assertRefused(run(api, image, "echo more >> /f; echo more >> /g0; cat /f > /i", 10 * MB), "bytes", 10 * MB);
            // What is removed makes room, at once.
            String again = "for i in 1 2 3 4 5; do head -c 8000000 /dev/zero > /t || exit 1; rm /t; done";
            kept(run(api, image, again, 10 * MB));
            // A file without a name is counted while it is open.
            JsonNode unnamed = run(api, box, "exec 3> /u; rm /u; dd if=/dev/zero bs=64k count=1600 >&3", 10 * MB);
            assertThat(said(unnamed)).containsPattern("No space left on device|[Qq]uota exceeded");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {EXT4, XFS})
    void whatIsSentToARunIsItsOwnToo(String mkfs) throws Exception {
        on(mkfs, (server, disk, box) -> {
            JsonNode record =
                    run(server.api(), box, "df -k / | tail -n 1 | awk '{print $2}'; truncate -s 1G /hole", 20 * MB);
            kept(record);
            // Programs see how much they may write.
            assertThat(Long.parseLong(said(record).strip())).isBetween(19_000L, 22_000L);
        });
    }
}
