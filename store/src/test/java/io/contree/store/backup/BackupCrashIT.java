package io.contree.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.Errno;
import io.contree.linux.FaultPoint;
import io.contree.store.Image;
import io.contree.store.InMemoryImageCatalog;
import io.contree.store.StoreException;
import io.contree.store.disk.DataDirectory;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.Trees;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Death, a full disk and a broken one between any two steps of a backup and of a restore. */
@ExtendWith(LeakChecker.class)
class BackupCrashIT {
    private final SeededRandom random = new SeededRandom(5);
    private final List<Image> images = new ArrayList<>();
    private Path home;
    private BackedUpStore data;

    @BeforeEach
    void open() throws Exception {
        home = Files.createTempDirectory("contree-backup-");
        data = new BackedUpStore(home);
        images.add(data.store.base());
        grow();
    }

    @AfterEach
    void close() throws Exception {
        FaultPoint.disarm();
        data.close();
        Trees.remove(home);
    }

    /** Something new of everything. */
    private void grow() throws Exception {
        images.add(data.store.after(
                images.getFirst(),
                root -> StoreFixture.shell(
                        root, "head -c 17000000 /dev/urandom > large; head -c 9 /dev/urandom > small")));
        data.store.store().files().put(new ByteArrayInputStream(random.bytes(10)));
        data.operation("a log\n", true);
        data.operation("a part of a log\n", false);
    }

    private Path fresh() {
        return home.resolve("new");
    }

    /** The points that a backup reaches, or a restore. */
    private Set<String> points(String kind) throws Exception {
        Set<String> reached = FaultPoint.record();
        for (int i = 0; i < 3; i++) {
            data.backUp(data.directory, 2);
            grow();
        }
        data.store.reopen();
        TextCatalog nothing = new TextCatalog(new InMemoryImageCatalog(), data.catalog.uuid);
        for (int i = 0; i < 2; i++) {
            new Backup(data.store.layout(), nothing, data::log, progress -> {}).make(data.directory, 2);
        }
        data.backUp(data.directory, 2);
        data.restore(fresh());
        Trees.remove(fresh());
        return new TreeSet<>(
                reached.stream().filter(name -> name.startsWith(kind + ".")).toList());
    }

    private void assertNewestIsWhole() throws Exception {
        data.restore(fresh());
        data.assertSame(fresh(), images.toArray(Image[]::new));
    }

    @Test
    void aBackupThatFailsOrDiesLeavesThoseBeforeIt() throws Exception {
        Set<String> points = points("backup");
        assertThat(points).hasSizeGreaterThanOrEqualTo(11);
        for (String point : points) {
            List<String> before = Restore.backups(data.directory);
            forget();
            FaultPoint.armFailure(point, random.pick(List.of(Errno.ENOSPC, Errno.EIO)), 1);
            assertThatThrownBy(this::backUpSomethingNew).as(point).isInstanceOf(StoreException.class);
            FaultPoint.disarm();
            assertKept(before, point);

            before = Restore.backups(data.directory);
            forget();
            grow();
            assertThat(die("backup", data.store.data, point)).as(point).isEqualTo(FaultPoint.DIED);
            assertKept(before, point);
            data.backUp(data.directory, 2);
            assertThat(data.directory.resolve("tmp")).isEmptyDirectory();
            assertNewestIsWhole();
        }
    }

    /** Lets the next backup have something to remove. */
    private void forget() throws Exception {
        UUID operation = data.operation("soon gone\n", true);
        data.backUp(data.directory, 2);
        data.catalog.operations.remove(operation);
        data.backUp(data.directory, 2);
    }

    private void backUpSomethingNew() throws Exception {
        grow();
        data.backUp(data.directory, 2);
    }

    private void assertKept(List<String> before, String point) throws Exception {
        assertThat(Restore.backups(data.directory)).as(point).hasSizeGreaterThanOrEqualTo(2);
        assertThat(Restore.backups(data.directory).getLast()).as(point).isGreaterThan(before.getLast());
        data.restore(fresh());
        data.assertSame(fresh(), images.getFirst());
    }

    @Test
    void aRestoreThatFailsLeavesNothingAndOneThatDiesCanBeRepeated() throws Exception {
        Set<String> points = points("restore");
        assertThat(points).hasSizeGreaterThanOrEqualTo(5);
        for (String point : points) {
            FaultPoint.armFailure(point, Errno.EIO, 1);
            assertThatThrownBy(() -> data.restore(fresh())).as(point).isInstanceOf(StoreException.class);
            FaultPoint.disarm();
            assertThat(fresh()).as(point).isEmptyDirectory();
            assertThat(die("restore", fresh(), point)).as(point).isEqualTo(FaultPoint.DIED);
            assertThatThrownBy(() -> open(fresh()))
                    .as(point)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("holds a part of a backup");
            assertNewestIsWhole();
        }
    }

    private static void open(Path fresh) {
        DataDirectory.open(fresh).close();
    }

    private int die(String kind, Path dataOf, String point) throws Exception {
        Path catalog = home.resolve("catalog");
        Files.deleteIfExists(catalog);
        data.catalog.copyTo(catalog);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashedBackup.class.getName(),
                        kind,
                        dataOf.toString(),
                        catalog.toString(),
                        data.directory.toString(),
                        point,
                        "1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }
}
