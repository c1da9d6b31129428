package io.contree.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Image;
import io.contree.store.InMemoryImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.StoredFile;
import io.contree.store.disk.DataDirectory;
import io.contree.store.disk.Layout;
import io.contree.store.disk.RemovalLock;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.LoopDisk;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.Trees;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a backup has, what it takes of the disk, and what is said when something is wrong. */
@ExtendWith(LeakChecker.class)
class BackupIT {
    /** Everything that a layer can hold. */
    private static final String EVERYTHING = """
            mknod null c 1 3; mknod block b 259 300; mkfifo fifo; chmod 0640 fifo
            echo text > plain; chown 70000:70001 plain; chmod 06711 plain; touch -d '2001-02-03 04:05:06.123456789' plain
            touch -d '1903-01-01 00:00:00.5' old; : > empty
            ln plain linked; mkdir -p d/e/f; ln plain d/e/f/linked; ln -s 'no where' soft; ln soft soft2; ln null d/null
            chown -h 5:6 soft; touch -h -d '2002-01-01' soft
            truncate -s 1G sparse; printf x | dd of=sparse bs=1 seek=500000000 conv=notrunc status=none
            truncate -s 50000 small-sparse
            head -c 20000000 /dev/urandom > large; chmod 0751 large; setfattr -n user.of -v large large
            head -c 200000 /dev/urandom > middle; head -c 65535 /dev/urandom > below; head -c 65536 /dev/urandom > at
            cp plain "$(printf 'not-\\377\\376-utf8 \\n')"; setcap cap_net_raw+ep plain
            setfacl -m u:7:rwx,m:rwx d; setfacl -d -m g:8:r-x d; setfattr -n trusted.x -v 0x00ff01 d
            setfattr -h -n trusted.y -v link soft
            mkdir -m 1777 sticky; touch -d '2003-01-01' sticky d
            """;

    private Path home;
    private BackedUpStore data;

    @BeforeEach
    void open() throws IOException {
        home = Files.createTempDirectory("contree-backup-");
        data = new BackedUpStore(home);
    }

    @AfterEach
    void close() throws IOException {
        data.close();
        Trees.remove(home);
    }

    private Image after(Image image, String script) throws Exception {
        return data.store.after(image, root -> StoreFixture.shell(root, script));
    }

    @Test
    void everyKindOfEntrySurvives() throws Exception {
        Image base = data.store.base();
        Image all = after(base, EVERYTHING);
        Image socket = data.store.after(all, root -> {
            try (Fd top = FileCalls.open(root, FileCalls.DIRECTORY)) {
                FileCalls.makeNode(top, "socket", Stat.SOCKET | 0750, 0, 0);
            }
        });
        Image changed = after(
                socket,
                "rm -r data/sub d; mkdir d; echo new > d/x; rm soft old; mv large moved; chmod 600 moved; echo 2 >> linked");
        data.backUp();
        data.restore(home.resolve("new"));
        data.assertSame(home.resolve("new"), base, all, socket, changed);
        // Another machine may go on: its next backup knows what is there.
        assertThat(data.backUp().layersCopied()).isZero();
    }

    @Test
    void holesStayHoles() throws Exception {
        after(data.store.base(), "truncate -s 3G sparse; echo end >> sparse");
        data.backUp();
        assertThat(allocated(data.directory)).isLessThan(1 << 20);
        data.restore(home.resolve("new"));
        assertThat(allocated(home.resolve("new"))).isLessThan(4 << 20);
    }

    private static long allocated(Path tree) throws IOException {
        long blocks = 0;
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                blocks += FileCalls.stat(Fd.CWD, RawPath.of(file).raw()).blocks();
            }
        }
        return blocks * 512;
    }

    @Test
    void aSecondBackupCopiesOnlyWhatIsNew() throws Exception {
        Image base = data.store.base();
        Image large = after(base, "head -c 20000000 /dev/urandom > large");
        upload("first");
        data.operation("a log\n", true);
        BackupSummary first = data.backUp();
        assertThat(first.layersCopied()).isEqualTo(2);
        assertThat(first.filesCopied()).isEqualTo(1);
        assertThat(first.logsCopied()).isEqualTo(1);
        Map<Path, String> before = things();

        Image renamed = after(large, "mv large renamed; echo 1 > 1");
        upload("second");
        data.operation("another\n", true);
        BackupSummary second = data.backUp();
        assertThat(second.layersCopied()).isEqualTo(1);
        assertThat(second.layersKept()).isEqualTo(2);
        assertThat(second.filesCopied() + second.filesKept()).isEqualTo(2);
        assertThat(second.logsCopied()).isEqualTo(1);
        assertThat(second.bytes())
                .as("a content that layers share is there once")
                .isLessThan(100_000);
        assertThat(things()).containsAllEntriesOf(before);

        assertThat(data.backUp().bytes()).isZero();
        data.restore(home.resolve("new"));
        data.assertSame(home.resolve("new"), large, renamed);
    }

    /** What is shared by backups, with what changes when it is written again. */
    private Map<Path, String> things() throws IOException {
        Map<Path, String> found = new TreeMap<>();
        for (String shelf : List.of("layers", "contents", "files", "logs")) {
            Path directory = data.directory.resolve(shelf);
            if (Files.exists(directory)) {
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Stat stat = FileCalls.stat(Fd.CWD, RawPath.of(file).raw());
                        found.put(file, stat.inode() + " " + stat.mtimeNanos());
                    }
                }
            }
        }
        return found;
    }

    private StoredFile upload(String text) throws IOException {
        return data.store.store().files().put(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void logsAreThoseOfTheMomentOfTheCatalog() throws Exception {
        UUID ended = data.operation("0\n1\n", true);
        UUID begun = data.operation("0\n", false);
        BackupSummary first = data.backUp();
        Files.writeString(data.log(begun), "0\n1\n2\n");
        data.catalog.operations.put(begun, true);
        data.backUp();

        data.restore(home.resolve("then"), Optional.of(first.backup()), false);
        data.restore(home.resolve("now"));
        Layout then = new Layout(home.resolve("then"));
        Layout now = new Layout(home.resolve("now"));
        assertThat(BackedUpStore.log(then, ended)).hasContent("0\n1\n");
        assertThat(BackedUpStore.log(then, begun)).hasContent("0\n");
        assertThat(BackedUpStore.log(now, begun)).hasContent("0\n1\n2\n");
    }

    /** In ostree's manner: no byte of a backup can change unnoticed. */
    @Test
    void whatChangedInABackupIsRefusedByNameOrDoesNotMatter() throws Exception {
        Image base = data.store.base();
        Image image = after(base, EVERYTHING);
        StoredFile file = upload("an upload");
        UUID operation = data.operation("{\"id\":0}\n".repeat(100), true);
        data.backUp();
        Path good = home.resolve("good");
        data.restore(good);
        List<Path> parts;
        try (Stream<Path> files = Files.walk(data.directory)) {
            parts = files.filter(Files::isRegularFile)
                    .filter(part -> !part.endsWith("backup.lock") && sizeOf(part) > 0)
                    .sorted()
                    .toList();
        }
        assertThat(parts).hasSizeGreaterThan(6);
        SeededRandom.forAll(25, random -> {
            Path part = random.pick(parts);
            long place = Math.floorMod(random.nextLong(), sizeOf(part));
            int kind = random.between(0, 2);
            Path kept = home.resolve("kept");
            Path fresh = home.resolve("fresh");
            Files.copy(part, kept);
            var time = Files.getLastModifiedTime(part);
            spoil(part, place, kind);
            try {
                data.restore(fresh);
                // A header of gzip has bytes without a meaning, and there are gaps before large contents.
                assertThat(BackedUpStore.log(new Layout(fresh), operation))
                        .hasSameTextualContentAs(data.log(operation));
                data.assertSame(fresh, image);
            } catch (StoreException e) {
                assertThat(e.kind()).as(e.getMessage()).isIn(Kind.CORRUPT, Kind.IO, Kind.NOT_FOUND);
                assertThat(e).hasMessageMatching("(?s).*(damaged|has format|no backup).*");
                if (!part.endsWith("contree-backup") && !part.startsWith(data.directory.resolve("backups"))) {
                    assertThat(e.getMessage())
                            .containsAnyOf(part.getFileName().toString().replace(".jsonl.gz", ""), "the content");
                }
            } finally {
                Files.delete(part);
                Files.copy(kept, part);
                Files.setLastModifiedTime(part, time);
                Files.delete(kept);
                Trees.remove(fresh);
            }
        });
        data.restore(home.resolve("still"));
        data.assertSame(home.resolve("still"), image);
        assertThat(new Layout(good).file(file.digest())).hasContent("an upload");
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void spoil(Path file, long place, int kind) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            switch (kind) {
                case 0 -> {
                    bytes.seek(place);
                    int old = bytes.read();
                    bytes.seek(place);
                    bytes.write(old ^ 0x10);
                }
                case 1 -> bytes.setLength(place);
                default -> bytes.setLength(bytes.length() + 1);
            }
        }
    }

    @Test
    void whatIsDamagedIsNotBackedUpAndTheRestIs() throws Exception {
        Image base = data.store.base();
        Image good = after(base, "echo good > good");
        Image bad = after(base, "echo bad > bad; head -c 20000000 /dev/urandom > large");
        StoredFile file = upload("an upload");
        LayerId layer = bad.layers().getLast();
        spoil(data.store.layout().layer(layer).tree().resolve("bad"), 1, 0);
        Files.delete(data.store.layout().file(file.digest()));

        BackupSummary made = data.backUp();
        assertThat(made.damaged())
                .containsExactlyInAnyOrder(
                        "layer " + layer + ": \"/bad\" has other bytes than were written to it",
                        "uploaded file " + file.digest() + ": it is missing");
        Path fresh = home.resolve("new");
        assertThatThrownBy(() -> data.restore(fresh))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("\"/bad\"", layer.toString(), "--skip-damaged");
        assertThat(fresh).isEmptyDirectory();
        assertThat(data.restore(fresh, Optional.empty(), true).damaged()).isNotEmpty();
        data.assertSame(fresh, good);
    }

    @Test
    void whatABackupHasHealsWhatIsDamagedLater() throws Exception {
        Image image = after(data.store.base(), "echo good > good");
        data.backUp();
        spoil(data.store.layout().layer(image.layers().getLast()).tree().resolve("good"), 1, 0);
        assertThat(data.backUp().damaged()).isEmpty();
        data.restore(home.resolve("new"));
        data.open(home.resolve("new"), restored -> {
            try (var view = restored.store().view(image);
                    var bytes = view.open(new RawPath("good")).bytes()) {
                assertThat(bytes.readAllBytes()).asString().isEqualTo("good\n");
            }
        });
    }

    @Test
    void onlyTheNewestAreKeptAndWhatTheyNeed() throws Exception {
        Image base = data.store.base();
        after(base, "head -c 20000000 /dev/urandom > large");
        upload("gone");
        data.operation("gone\n", true);
        data.backUp(data.directory, 2);
        data.store.reopen(new InMemoryImageCatalog());
        TextCatalog later = new TextCatalog(data.store.catalog, data.catalog.uuid);
        assertThat(new Backup(data.store.layout(), later, data::log, progress -> {})
                        .make(data.directory, 2)
                        .removed())
                .as("the first backup needs it")
                .isZero();
        BackupSummary last = new Backup(data.store.layout(), later, data::log, progress -> {}).make(data.directory, 2);
        assertThat(last.removed()).as("two layers, a content, a file, a log").isEqualTo(5);
        assertThat(things()).isEmpty();
        assertThat(Restore.backups(data.directory)).hasSize(2).endsWith(last.backup());
    }

    @Test
    void aDamagedBackupLetsNothingBeRemoved() throws Exception {
        data.store.base();
        BackupSummary first = data.backUp();
        spoil(data.directory.resolve("backups").resolve(first.backup()).resolve("snapshot"), 25, 0);
        data.store.reopen(new InMemoryImageCatalog());
        TextCatalog later = new TextCatalog(data.store.catalog, data.catalog.uuid);
        new Backup(data.store.layout(), later, data::log, progress -> {}).make(data.directory, 5);
        assertThat(things()).hasSize(1);
    }

    @Test
    void aFullDiskLeavesTheBackupsThatAreThere() throws Exception {
        Path disks = Files.createDirectory(home.resolve("disks"));
        try (LoopDisk disk = LoopDisk.make(disks, 40 << 20, "mkfs.ext4", "-q", "-F")) {
            Path directory = disk.root().resolve("backup");
            Image image = after(data.store.base(), "echo small > small");
            data.backUp(directory, 3);
            after(image, "head -c 60000000 /dev/urandom > large");
            assertThatThrownBy(() -> data.backUp(directory, 3))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContainingAll(directory.toString(), "is full", "as they were")
                    .extracting(e -> ((StoreException) e).kind())
                    .isEqualTo(Kind.DISK_FULL);
            assertThat(disk.free()).as("what was half-made is gone").isGreaterThan(20 << 20);
            new Restore(data.catalog, BackedUpStore::log, false, progress -> {})
                    .into(directory, Optional.empty(), home.resolve("new"));
            data.assertSame(home.resolve("new"), image);
        }
    }

    /** Where blocks can be shared they are, and contents that were shared stay so. */
    @Test
    void aDiskOfAnotherKindDoesAsWell() throws Exception {
        Path disks = Files.createDirectory(home.resolve("disks"));
        try (LoopDisk disk = LoopDisk.make(disks, 400 << 20, "mkfs.btrfs", "-q", "-f")) {
            Path there = Files.createDirectory(disk.root().resolve("home"));
            Image large;
            try (BackedUpStore other = new BackedUpStore(there)) {
                large = other.store.after(other.store.base(), root -> StoreFixture.shell(root, EVERYTHING));
                try (Fd any = FileCalls.open(there, FileCalls.DIRECTORY)) {
                    FileCalls.syncFileSystem(any);
                }
                long before = disk.free();
                other.backUp();
                assertThat(before - disk.free())
                        .as("20 MB of blocks are shared")
                        .isLessThan(10 << 20);
                other.restore(there.resolve("new"));
                other.assertSame(there.resolve("new"), large);
                // and from there to a disk that shares no blocks
                other.restore(home.resolve("new"));
                other.assertSame(home.resolve("new"), large);
            }
        }
    }

    @Test
    void whatIsNoPlaceForABackupIsRefused() throws Exception {
        data.store.base();
        Path inside = data.store.data.resolve("backup");
        assertThatThrownBy(() -> data.backUp(inside, 1)).hasMessageContaining("must lie apart");
        assertThat(inside).doesNotExist();
        assertThatThrownBy(() -> data.backUp(home, 1)).hasMessageContaining("must lie apart");
        Path link = Files.createSymbolicLink(home.resolve("link"), data.store.data);
        assertThatThrownBy(() -> data.backUp(link.resolve("backup"), 1)).hasMessageContaining("must lie apart");

        Path other = Files.createDirectory(home.resolve("other"));
        Files.createFile(other.resolve("somebody's"));
        assertThatThrownBy(() -> data.backUp(other, 1))
                .hasMessageContainingAll("is not empty", "somebody's")
                .isInstanceOf(StoreException.class);
        assertThat(other).isDirectoryContaining(path -> path.endsWith("somebody's"));

        data.backUp();
        TextCatalog another = new TextCatalog(data.store.catalog, UUID.randomUUID());
        assertThatThrownBy(() ->
                        new Backup(data.store.layout(), another, data::log, progress -> {}).make(data.directory, 1))
                .hasMessageContaining("backups of another server's data");
        assertThatThrownBy(() -> data.restore(home.resolve("new"), Optional.of("yesterday"), false))
                .hasMessageContainingAll(
                        "no backup \"yesterday\"",
                        Restore.backups(data.directory).getFirst());
        assertThatThrownBy(() -> Restore.backups(other)).hasMessageContaining("There is no backup in");
    }

    @Test
    void aDirectoryWithAnythingInItIsNotRestoredInto() throws Exception {
        data.store.base();
        data.backUp();
        assertThatThrownBy(() -> data.restore(data.store.data)).hasMessageContaining("is not empty");
        Path other = Files.createDirectory(home.resolve("other"));
        Files.createFile(other.resolve("somebody's"));
        assertThatThrownBy(() -> data.restore(other)).hasMessageContaining("somebody's");
        assertThat(other.resolve("somebody's")).exists();
    }

    @Test
    void aRestoreThatWasCutShortIsNoDataAndCanBeRepeated() throws Exception {
        Image image = after(data.store.base(), "echo text > text");
        data.backUp();
        Path fresh = home.resolve("new");
        class Killed extends Error {}
        assertThatThrownBy(() -> new Restore(data.catalog, BackedUpStore::log, false, progress -> {
                            if (progress.part() == CopyProgress.Part.FILES) {
                                throw new Killed();
                            }
                        })
                        .into(data.directory, Optional.empty(), fresh))
                .isInstanceOf(Killed.class);
        assertThat(fresh.resolve("layers")).isNotEmptyDirectory();
        assertThatThrownBy(() -> DataDirectory.open(fresh))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("holds a part of a backup", "contree restore");
        data.restore(fresh);
        data.assertSame(fresh, image);
    }

    @Test
    void waitsForARemovalAndKeepsTheNextOneOff() throws Exception {
        data.store.base();
        RemovalLock removing = RemovalLock.remove(data.store.layout()).orElseThrow();
        Thread soon = Thread.ofVirtual().start(() -> {
            while (!Files.exists(data.directory.resolve("backups"))) {
                Thread.onSpinWait();
            }
            removing.close();
        });
        new Backup(data.store.layout(), data.catalog, data::log, progress -> {
                    try {
                        assertThat(RemovalLock.remove(data.store.layout())).isEmpty();
                    } catch (LinuxException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .make(data.directory, 1);
        soon.join();
        RemovalLock.remove(data.store.layout()).orElseThrow().close();
    }
}
