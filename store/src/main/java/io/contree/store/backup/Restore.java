package io.contree.store.backup;

import io.contree.linux.FileCalls;
import io.contree.store.Digest;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.backup.CopyProgress.Part;
import io.contree.store.disk.Layout;
import io.contree.store.disk.RestoredDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Makes a data directory of a backup, and checks every byte on the way: layers, contents and uploaded files by their hashes, event logs by
 * their checksums. Used by one thread, once.
 */
public final class Restore {

    private final CatalogSource catalogs;
    private final BiFunction<Layout, UUID, Path> logs;
    private final boolean skipDamaged;
    private final Tally tally;
    private final FileCopying copying;
    private final List<String> damaged = new ArrayList<>();
    private final Set<Digest> contents = new HashSet<>();
    private long layersDone;
    private long filesDone;
    private long logsDone;

    /**
     * @param logs where the event log of an operation is in a data directory
     * @param skipDamaged whether what is damaged or missing is left out; else it ends the restore
     */
    public Restore(
            CatalogSource catalogs,
            BiFunction<Layout, UUID, Path> logs,
            boolean skipDamaged,
            CopyProgress.Listener listener) {
        this.catalogs = catalogs;
        this.logs = logs;
        this.skipDamaged = skipDamaged;
        this.tally = new Tally(listener);
        this.copying = new FileCopying(tally);
    }

    /** The names of the backups in a directory, the oldest first. */
    public static List<String> backups(Path directory) {
        try (BackupDirectory source = BackupDirectory.toRead(directory)) {
            return source.snapshots().stream().map(Snapshot::name).toList();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Makes a data directory.
     *
     * @param backup name of a backup; empty for the newest
     * @param data a directory that is empty, missing, or left by a restore that was cut short
     * @throws StoreException CORRUPT if the backup is damaged, naming what is; NOT_FOUND; INVALID, IO or DISK_FULL of the new directory,
     *     which is empty again
     */
    public BackupSummary into(Path directory, Optional<String> backup, Path data) {
        long start = System.nanoTime();
        try (BackupDirectory source = BackupDirectory.toRead(directory)) {
            Snapshot snapshot = choose(source, backup);
            Snapshot.Contents said = check(snapshot);
            try (NamedThings named = catalogs.open(snapshot.catalog());
                    RestoredDirectory target = RestoredDirectory.begin(data)) {
                copyOrAbandon(source, snapshot, said, named, target);
            }
            return new BackupSummary(
                    snapshot.name(),
                    layersDone,
                    0,
                    filesDone,
                    0,
                    logsDone,
                    0,
                    tally.bytes(),
                    0,
                    List.copyOf(damaged),
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static StoreException unreadable(Path directory, IOException e) {
        return new StoreException(
                StoreException.Kind.IO, "cannot read the backup " + directory + ": " + e.getMessage(), e);
    }

    private static Snapshot choose(BackupDirectory source, Optional<String> name) throws IOException {
        List<Snapshot> known = source.snapshots();
        if (known.isEmpty()) {
            throw new StoreException(
                    StoreException.Kind.NOT_FOUND,
                    "There is no backup in " + source.directory() + " yet: the first one was never finished");
        }
        if (name.isEmpty()) {
            return known.getLast();
        }
        return known.stream()
                .filter(snapshot -> snapshot.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> new StoreException(
                        StoreException.Kind.NOT_FOUND,
                        "There is no backup \"" + name.get() + "\" in " + source.directory() + "; there are "
                                + known.stream().map(Snapshot::name).collect(Collectors.joining(", "))));
    }

    private static Snapshot.Contents check(Snapshot snapshot) throws IOException {
        try {
            Snapshot.Contents said = snapshot.read();
            if (!sha256(snapshot.catalog()).equals(said.catalog())) {
                throw new DamageException("its catalog has other bytes than were backed up");
            }
            return said;
        } catch (DamageException e) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "the backup " + snapshot.directory() + " is damaged: " + e.getMessage()
                            + "; choose another one with --backup",
                    e);
        }
    }

    private void copyOrAbandon(
            BackupDirectory source,
            Snapshot snapshot,
            Snapshot.Contents said,
            NamedThings named,
            RestoredDirectory target)
            throws IOException {
        try {
            try {
                copy(source, snapshot, said, named, target);
            } catch (IOException | RuntimeException e) {
                target.abandon();
                throw e;
            }
        } catch (IOException e) {
            throw IoFailure.of("restore the backup into " + target.layout().data(), e);
        }
    }

    private void copy(
            BackupDirectory source,
            Snapshot snapshot,
            Snapshot.Contents said,
            NamedThings named,
            RestoredDirectory target)
            throws IOException {
        Layout layout = target.layout();
        said.damaged().forEach(what -> skip("when the backup was made, " + what));
        copyLayers(source, named, target);
        copyFiles(source, named, layout);
        copyLogs(source, snapshot, named, layout);
        tally.begin(Part.CATALOG, 0);
        Files.copy(snapshot.catalog(), layout.catalog());
        if (Files.exists(snapshot.profileSaved())) {
            Files.createFile(layout.profileSaved());
        }
        target.finish(said.generation());
    }

    /** Goes on without something, or does not. */
    private void skip(String what) {
        if (!skipDamaged) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "the backup is damaged: " + what
                            + "; --skip-damaged restores all the rest, and --backup chooses another backup");
        }
        damaged.add(what);
    }

    private void copyLayers(BackupDirectory source, NamedThings named, RestoredDirectory target) throws IOException {
        Set<LayerId> layers = named.layers();
        tally.begin(Part.LAYERS, layers.size());
        LayerUnpacking unpacking = new LayerUnpacking(target, content -> copyContent(source, content, target), tally);
        for (LayerId layer : layers) {
            Path pack = source.layer(layer);
            Layout.LayerDirectory made = target.layout().layer(layer);
            try {
                if (Files.notExists(pack)) {
                    throw new DamageException("it is missing");
                }
                unpacking.unpack(pack, made);
                layersDone++;
            } catch (DamageException e) {
                FileCalls.removeTree(made.directory());
                skip("layer " + layer + ": " + e.getMessage());
            }
            tally.done();
        }
    }

    private void copyContent(BackupDirectory source, Digest content, RestoredDirectory target) throws IOException {
        if (contents.contains(content)) {
            return;
        }
        Path place = target.contents().placeFor(content);
        try {
            copying.copyContent(source.contents().place(content.hex()), place, content);
        } catch (DamageException e) {
            Files.deleteIfExists(place);
            throw new DamageException("of the content " + content.hex() + " that it shares: " + e.getMessage(), e);
        }
        contents.add(content);
    }

    private void copyFiles(BackupDirectory source, NamedThings named, Layout layout) throws IOException {
        Set<Digest> files = named.files();
        tally.begin(Part.FILES, files.size());
        for (Digest file : files) {
            Files.createDirectories(layout.directoryOf(file));
            try {
                copying.copyUpload(source.file(file), layout.file(file), file);
                filesDone++;
            } catch (DamageException e) {
                skip("uploaded file " + file + ": " + e.getMessage());
            }
            tally.done();
        }
    }

    private void copyLogs(BackupDirectory source, Snapshot snapshot, NamedThings named, Layout layout)
            throws IOException {
        Set<String> shared = source.logs().names();
        Set<String> own = snapshot.logs().names();
        List<UUID> operations = new ArrayList<>();
        named.forEachOperation((operation, ended) -> {
            if ((ended ? shared : own).contains(BackupDirectory.logName(operation))) {
                operations.add(operation);
            }
        });
        tally.begin(Part.LOGS, operations.size());
        for (UUID operation : operations) {
            String name = BackupDirectory.logName(operation);
            Path packed = (own.contains(name) ? snapshot.logs() : source.logs()).place(name);
            Path log = logs.apply(layout, operation);
            Files.createDirectories(Objects.requireNonNull(log.getParent()));
            try {
                copying.unpackLog(packed, log);
                logsDone++;
            } catch (DamageException e) {
                Files.deleteIfExists(log);
                skip("event log of operation " + operation + ": " + e.getMessage());
            }
            tally.done();
        }
    }

    static Digest sha256(Path file) throws DamageException {
        try {
            return Digest.ofFile(file);
        } catch (IOException e) {
            throw new DamageException(file.getFileName() + " cannot be read: " + IoFailure.reason(e), e);
        }
    }
}
