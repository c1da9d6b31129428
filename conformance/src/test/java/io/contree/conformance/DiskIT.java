package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LoopDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A server on a small disk of its own: what runs may take of it while they work, and what still works when it is full. */
class DiskIT extends ServerSuite {
    private static final long MIB = 1L << 20;
    private static final String WRITES_ON = "dd if=/dev/zero of=/big bs=1M; sleep 60";

    private LoopDisk disk;
    private final List<Path> ballast = new ArrayList<>();

    @Override
    Path home(Path directory) throws Exception {
        disk = LoopDisk.make(directory, 1024 * MIB, "mkfs.ext4", "-q", "-F", "-N", "20000");
        return Files.createDirectory(disk.root().resolve("home"));
    }

    @Override
    String[] options() {
        return new String[] {"--max-layer-bytes", "2GiB"};
    }

    @AfterEach
    void theNextRunHasRoomAgain() throws Exception {
        for (Path file : ballast) {
            Files.deleteIfExists(file);
        }
        ballast.clear();
        assertThat(busybox.shell("echo fine > /f; cat /f").execute().stdout()).isEqualTo("fine\n");
    }

    @Override
    @AfterAll
    void stopServer() {
        super.stopServer();
        try {
            if (disk != null) {
                disk.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String start(String command, long maxLayerBytes) throws Exception {
        return api.spawn(Map.of(
                "image",
                box,
                "command",
                command,
                "shell",
                true,
                "resources_limits",
                Map.of("max_layer_bytes", maxLayerBytes)));
    }

    private static void assertStopped(JsonNode record, long atMost) {
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("FAILED");
        assertThat(record.at("/outcome/reason").asString())
                .as(record.toString())
                .isEqualTo("disk_limit");
        assertThat(record.at("/outcome/limits/0/peak").asLong())
                .as(record.toString())
                .isPositive()
                .isLessThan(atMost);
        assertThat(record.at("/result/image").isNull()).as(record.toString()).isTrue();
    }

    @Test
    void aRunIsStoppedAtTheLimitThatItAskedFor() throws Exception {
        JsonNode record = api.await(start(WRITES_ON, 50 * MIB));
        assertStopped(record, 400 * MIB);
        assertThat(record.at("/outcome/limits/0/allowed").asLong()).isEqualTo(50 * MIB);
        assertThat(record.get("error").asString()).contains("max_layer_bytes of " + 50 * MIB);
    }

    @Test
    void theServersLimitHoldsWhenItIsTheStricterOne() throws Exception {
        HttpResponse<byte[]> answer = api.post("/instances", Map.of("image", box, "command", "true"));
        assertThat(Api.json(answer).at("/resources_limits/max_layer_bytes").asLong())
                .isEqualTo(2048 * MIB);
        api.await(Api.json(answer).get("uuid").asString());
    }

    @Test
    void aFileWithoutANameCounts() throws Exception {
        String command = "exec 3> /f; rm /f; dd if=/dev/zero bs=1M >&3; sleep 60";
        assertStopped(api.await(start(command, 50 * MIB)), 500 * MIB);
    }

    @Test
    void aHoleCountsNothing() throws Exception {
        JsonNode record = api.await(start("truncate -s 1T /sparse; echo end >> /sparse", 50 * MIB));
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("SUCCESS");
    }

    @Test
    void whoFillsTheDiskIsStoppedAndItsNeighboursKeepEveryByteOrFail() throws Exception {
        String small = "for i in 1 2 3 4 5 6 7 8 9; do head -c 100000 /dev/urandom > /f$i; sleep 0.2; done;"
                + " sha256sum /f? > /sums";
        List<String> neighbours = List.of(start(small, 50 * MIB), start(small, 50 * MIB));
        List<String> greedy = List.of(start(WRITES_ON, 2048 * MIB), start(WRITES_ON, 2048 * MIB));
        for (String run : greedy) {
            JsonNode record = api.await(run);
            // The second may have been at sleep with room for both once the first was stopped.
            if (record.get("status").asString().equals("FAILED")) {
                assertThat(record.get("error").asString()).contains("in reserve");
            }
        }
        for (String run : neighbours) {
            JsonNode record = api.await(run);
            if (record.get("status").asString().equals("FAILED")) {
                assertThat(record.get("error").asString()).contains("in reserve", "nothing of it was kept");
                continue;
            }
            JsonNode check = api.shell(record.at("/result/image").asString(), "sha256sum -c /sums");
            assertThat(check.at("/metadata/result/state/exit_code").asInt())
                    .as(check.toString())
                    .isZero();
        }
    }

    @Test
    void whoFillsTheDiskAloneIsStoppedWithItsReserveLeft() throws Exception {
        JsonNode record = api.await(start(WRITES_ON, 2048 * MIB));
        assertStopped(record, 1024 * MIB);
        assertThat(record.get("error").asString()).contains("in reserve");
    }

    @Test
    void whoMakesMoreFilesThanTheDiskHoldsIsStopped() throws Exception {
        String command = "i=0; while true; do i=$((i+1)); mkdir /d$i; : > /d$i/f; done";
        JsonNode record = api.await(start(command, 2048 * MIB));
        assertStopped(record, 2048 * MIB);
        assertThat(record.get("error").asString()).contains("more files", "in reserve");
    }

    private void fillBytes() throws IOException {
        Path file = disk.root().resolve("ballast");
        ballast.add(file);
        for (int step : new int[] {1 << 20, 4096}) {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[step]);
                }
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
        }
    }

    private void fillFiles() throws IOException {
        try {
            while (true) {
                Path file = disk.root().resolve("ballast" + ballast.size());
                Files.createFile(file);
                ballast.add(file);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private void assertReadAndNothingElse(String image) throws Exception {
        String inspect = "/inspect/" + image;
        assertThat(Api.text(api.get(inspect + "/list?path=/")))
                .startsWith("200")
                .contains("unread");
        assertThat(new String(api.read(image, "/unread"), StandardCharsets.UTF_8))
                .isEqualTo("text\n");
        assertThat(api.get(inspect + "/archive?path=/etc").statusCode()).isEqualTo(200);
        assertThat(Api.text(api.get("/images"))).startsWith("200");
        assertThat(Api.text(api.get("/operations"))).startsWith("200");

        HttpResponse<byte[]> run = api.post("/instances", Map.of("image", image, "command", "true"));
        assertThat(run.statusCode()).as(Api.text(run)).isEqualTo(503);
        assertThat(run.headers().firstValue("Retry-After")).isPresent();
        assertThat(Api.text(run)).contains("The server takes no run", "in reserve");
        HttpResponse<byte[]> upload = api.upload(new byte[100]);
        assertThat(upload.statusCode()).as(Api.text(upload)).isEqualTo(503);
        assertThat(upload.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aDiskWithoutAByteIsReadAndNothingElse() throws Exception {
        String image = api.imageAfter(box, "echo text > /unread");
        fillBytes();
        assertReadAndNothingElse(image);
    }

    @Test
    void aDiskWithoutAnInodeIsReadAndNothingElse() throws Exception {
        String image = api.imageAfter(box, "echo text > /unread; echo 2 > /other");
        fillFiles();
        assertReadAndNothingElse(image);
    }
}
