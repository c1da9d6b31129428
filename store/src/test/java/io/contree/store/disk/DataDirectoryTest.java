package io.contree.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.StoreException;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directories are taken for data, and what is done to them first. */
class DataDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void aSecondServerIsKeptOutUntilTheFirstIsGone() {
        Path data = directory.resolve("new/data");
        try (DataDirectory first = DataDirectory.open(data)) {
            assertThatThrownBy(() -> DataDirectory.open(data))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the data directory " + data
                            + " is in use by another server; stop it, or choose another directory with --data");
        }
        DataDirectory.open(data).close();
    }

    /** As an import of the directory did: classic locks are lost when a process closes a file that it locked. */
    @Test
    void readingEverythingInItDoesNotGiveItUp() throws Exception {
        Path data = directory.resolve("data");
        try (DataDirectory first = DataDirectory.open(data)) {
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.readAllBytes(file);
                }
            }
            assertThatThrownBy(() -> DataDirectory.open(data)).hasMessageContaining("in use by another server");
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsReported() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.open(file.resolve("data")))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("cannot use the data directory " + file + "/data")
                .hasMessageEndingWith("choose another with --data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c", "contree data 1"})
    void aFormatThatACrashCutShortIsWrittenAgain(String torn) throws Exception {
        Files.writeString(directory.resolve("format"), torn);
        Files.writeString(directory.resolve("format.new"), "contree d");

        DataDirectory.open(directory).close();

        assertThat(directory.resolve("format")).hasContent("contree data 1\n");
        assertThat(directory.resolve("format.new")).doesNotExist();
    }

    @Test
    void aTornFormatBesideDataIsRefused() throws Exception {
        DataDirectory.open(directory).close();
        Files.createDirectory(directory.resolve("layers/some"));
        for (String torn : List.of("", "contree")) {
            Files.writeString(directory.resolve("format"), torn);
            assertThatThrownBy(() -> DataDirectory.open(directory))
                    .hasMessageContaining("there is layers")
                    .hasMessageContaining("write the line \"contree data 1\" to it");
        }
        Files.delete(directory.resolve("format"));
        assertThatThrownBy(() -> DataDirectory.open(directory)).hasMessageContaining("there is layers");
        Files.writeString(directory.resolve("format"), "contree data 1\n");
        DataDirectory.open(directory).close();
        assertThat(directory.resolve("layers/some")).exists();
    }

    @Test
    void whatIsSomebodyElsesIsLeftAsItIs() throws Exception {
        Files.writeString(directory.resolve("letter"), "dear");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxr-x"));

        assertThatThrownBy(() -> DataDirectory.open(directory))
                .hasMessageContaining("is not empty (there is letter)")
                .hasMessageContaining("choose an empty directory with --data");

        assertThat(children()).containsExactly("letter");
        assertThat(mode(directory)).isEqualTo("rwxrwxr-x");
    }

    @Test
    void aLinkToADirectoryIsAsGoodAsTheDirectory() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxrwxr-x"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);

        DataDirectory.open(link).close();

        assertThat(real.resolve("format")).exists();
        assertThat(mode(real)).isEqualTo("rwx--x--x");
    }

    @Test
    void aFreshFileSystemIsTaken() throws Exception {
        Files.createDirectory(directory.resolve("lost+found"));

        DataDirectory.open(directory).close();

        assertThat(children()).contains("format", "layers");
    }

    @Test
    void whatIsOpenToOthersIsClosed() throws Exception {
        DataDirectory.open(directory).close();
        Files.writeString(directory.resolve("lock"), ""); // of earlier versions
        Files.createDirectories(directory.resolve("operations"));
        Files.writeString(directory.resolve("catalog.db"), "");
        for (String name : List.of("format", "server.lock", "catalog.db")) {
            Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        for (String name : List.of("", "layers", "mounts", "operations")) {
            Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString("rwxrwxrwx"));
        }

        DataDirectory.open(directory).close();

        assertThat(directory.resolve("lock")).doesNotExist();
        for (String name : List.of("format", "server.lock", "catalog.db")) {
            assertThat(mode(directory.resolve(name))).as(name).isEqualTo("rw-------");
        }
        assertThat(mode(directory)).isEqualTo("rwx--x--x");
        assertThat(mode(directory.resolve("mounts"))).isEqualTo("rwx--x--x");
        assertThat(mode(directory.resolve("layers"))).isEqualTo("rwx------");
        assertThat(mode(directory.resolve("operations"))).startsWith("rwx").endsWith("---");
    }

    @Test
    void aDirectoryOfAnotherUserIsRefused() throws Exception {
        Requirements.root();
        DataDirectory.open(directory).close();
        Path layers = directory.resolve("layers");
        for (Path path : List.of(layers, directory)) {
            Files.setAttribute(path, "unix:uid", 65_534);
            assertThatThrownBy(() -> DataDirectory.open(directory))
                    .hasMessageContaining(path + " belongs to user 65534 and the server runs as 0")
                    .hasMessageContaining("chown -R");
            Files.setAttribute(path, "unix:uid", 0);
        }
        DataDirectory.open(directory).close();
    }

    private List<String> children() throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
