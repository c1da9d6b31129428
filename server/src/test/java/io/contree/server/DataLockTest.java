package io.contree.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {
    @TempDir
    private Path directory;

    @Test
    void aSecondServerIsKeptOutUntilTheFirstIsGone() throws Exception {
        Path data = directory.resolve("new/data");
        try (DataLock first = DataLock.take(data)) {
            assertThatThrownBy(() -> DataLock.take(data))
                    .isInstanceOf(ContreeException.class)
                    .hasMessage("the data directory " + data
                            + " is in use by another server; stop it, or choose another directory with --data");
        }
        assertThatCode(() -> DataLock.take(data).close()).doesNotThrowAnyException();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsSaid() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> DataLock.take(file.resolve("data")))
                .isInstanceOf(ContreeException.class)
                .hasMessageStartingWith("cannot use the data directory " + file + "/data");
    }
}
