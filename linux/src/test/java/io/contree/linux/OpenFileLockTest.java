package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFileLockTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("lock");
    }

    @Test
    void oneAtATime() throws Exception {
        try (OpenFileLock first = OpenFileLock.exclusive(file).orElseThrow()) {
            assertThat(OpenFileLock.exclusive(file)).isEmpty();
            assertThat(OpenFileLock.shared(file, 5, 10)).isEmpty();
            assertThat(classicLockIsFree()).isFalse();
        }
        OpenFileLock.exclusive(file).orElseThrow().close();
        assertThat(classicLockIsFree()).isTrue();
    }

    @Test
    void openingAndClosingTheFileDropsNothing() throws Exception {
        try (OpenFileLock first = OpenFileLock.exclusive(file).orElseThrow()) {
            Files.readAllBytes(file);
            FileChannel.open(file, StandardOpenOption.WRITE).close();

            assertThat(OpenFileLock.exclusive(file)).isEmpty();
            assertThat(classicLockIsFree()).isFalse();
        }
    }

    @Test
    void sharedOnesKeepOutOnlyWhoWantsTheBytesForHimself() throws Exception {
        Files.createFile(file);
        try (OpenFileLock one = OpenFileLock.shared(file, 100, 10).orElseThrow();
                OpenFileLock other = OpenFileLock.shared(file, 100, 10).orElseThrow()) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                assertThat(channel.tryLock(109, 1, false)).isNull();
                assertThat(channel.tryLock(109, 1, true)).isNotNull();
                assertThat(channel.tryLock(110, 1, false)).isNotNull();
            }
        }
    }

    @Test
    void aLockIsItsOwnersAlone() throws Exception {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        try (OpenFileLock lock = OpenFileLock.exclusive(file).orElseThrow()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    private boolean classicLockIsFree() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        }
    }
}
