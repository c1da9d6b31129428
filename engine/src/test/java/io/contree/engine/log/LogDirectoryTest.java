package io.contree.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogDirectoryTest {
    @TempDir
    Path data;

    @Test
    void hasRoomForEveryOperation() throws Exception {
        takesEveryLog(LogDirectory.open(data));
    }

    /** As a restore leaves it that had logs of few operations. */
    @ParameterizedTest
    @ValueSource(strings = {"00", "7f", "ff"})
    void aDirectoryMadeInPartIsMadeWhole(String shard) throws Exception {
        Files.createDirectories(data.resolve("logs").resolve(shard));
        takesEveryLog(LogDirectory.open(data));
    }

    private static void takesEveryLog(LogDirectory logs) throws Exception {
        for (int first = 0; first < 256; first++) {
            Path log = logs.file(new UUID((long) first << 56, 1));
            Files.createFile(log);
            assertThat(logs.files(first)).containsExactly(log);
        }
    }
}
