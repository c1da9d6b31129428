package io.contree.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.EventType;
import io.contree.store.StoreException;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.LoopDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@LeakChecked
class FullDiskLogIT {
    private static final byte[] OUTPUT = new byte[256 << 10];

    static {
        new Random(1).nextBytes(OUTPUT);
    }

    @TempDir
    Path directory;

    @Test
    void anEventWaitsForRoom() throws Exception {
        try (LoopDisk disk = LoopDisk.make(directory, 8 << 20, "mkfs.ext4", "-q", "-F", "-m", "0");
                EventLog log = log(disk)) {
            log.appendStream(1, EventType.STDOUT, OUTPUT);
            Path ballast = fill(disk);
            var waiting = CompletableFuture.supplyAsync(() -> log.appendStream(1, EventType.STDOUT, OUTPUT));
            assertThatThrownBy(() -> waiting.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(Exception.class);
            Files.delete(ballast);

            assertThat(waiting.get(1, TimeUnit.MINUTES)).isEqualTo(OUTPUT.length);
            log.sync();
            assertThat(kept(log)).isEqualTo(twice(OUTPUT));
        }
    }

    @Test
    void itDoesNotWaitOnceTheOperationIsToEnd() throws Exception {
        try (LoopDisk disk = LoopDisk.make(directory, 8 << 20, "mkfs.ext4", "-q", "-F", "-m", "0");
                EventLog log = log(disk)) {
            log.appendStream(1, EventType.STDOUT, OUTPUT);
            fill(disk);
            var waiting = CompletableFuture.supplyAsync(() -> log.appendStream(1, EventType.STDOUT, OUTPUT));
            log.waitNoLonger();

            assertThatThrownBy(waiting::join)
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("could not write the event log")
                    .hasMessageContaining("full");
            assertThat(log.file()).hasSize(log.length());
        }
    }

    private static EventLog log(LoopDisk disk) {
        return new EventLog(disk.root().resolve("log.jsonl"), Clock.systemUTC(), 64 << 20);
    }

    private static Path fill(LoopDisk disk) throws IOException {
        Path ballast = disk.root().resolve("ballast");
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return ballast;
    }

    private static byte[] kept(EventLog log) {
        var bytes = new ByteArrayOutputStream();
        Events.each(
                log.file(),
                log,
                event -> bytes.writeBytes(
                        Base64.getDecoder().decode((String) event.data().get("value"))));
        return bytes.toByteArray();
    }

    private static byte[] twice(byte[] bytes) {
        byte[] both = Arrays.copyOf(bytes, 2 * bytes.length);
        System.arraycopy(bytes, 0, both, bytes.length, bytes.length);
        return both;
    }
}
