package io.contree.store.backup;

import io.contree.linux.FaultPoint;
import io.contree.linux.FileCalls;
import io.contree.store.Digest;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.backup.CopyProgress.Part;
import io.contree.store.disk.CatalogLink;
import io.contree.store.disk.Layout;
import io.contree.store.disk.RemovalLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Makes one backup of a data directory, whose server may be running: what the catalog named at one moment, with everything that it
 * named. What the backup directory has already is not copied again. Used by one thread, once.
 */
public final class Backup {
    private static final Duration REMOVAL_PATIENCE = Duration.ofMinutes(1);

    private final Layout layout;
    private final CatalogSource catalogs;
    private final Function<UUID, Path> logs;
    private final Tally tally;
    private final FileCopying copying;
    private final LayerPacking packing;
    private final List<String> damaged = new ArrayList<>();
    private final Counts layerCounts = new Counts();
    private final Counts fileCounts = new Counts();
    private final Counts logCounts = new Counts();

    private static final class Counts {
        private long copied;
        private long kept;
    }

    /** @param logs where the event log of an operation is */
    public Backup(Layout layout, CatalogSource catalogs, Function<UUID, Path> logs, CopyProgress.Listener listener) {
        this.layout = layout;
        this.catalogs = catalogs;
        this.logs = logs;
        this.tally = new Tally(listener);
        this.copying = new FileCopying(tally);
        this.packing = new LayerPacking(tally);
    }

    /**
     * Makes the backup. What is damaged in the data directory is left out, and the summary says so.
     *
     * @param keep how many backups the directory has afterwards, this one included: the newest
     * @throws StoreException DISK_FULL, IO, INVALID; the backups that were there before are as they were
     */
    public BackupSummary make(Path directory, int keep) {
        long start = System.nanoTime();
        try (BackupDirectory target = BackupDirectory.toWrite(directory, layout.data())) {
            try (RemovalLock _ = forbidRemoval();
                    Batch batch = new Batch(target.directory(), tally)) {
                Snapshot made = copy(target, batch);
                long removed = new Pruning(target, catalogs).keepNewest(keep);
                return new BackupSummary(
                        made.name(),
                        layerCounts.copied,
                        layerCounts.kept,
                        fileCounts.copied,
                        fileCounts.kept,
                        logCounts.copied,
                        logCounts.kept,
                        tally.bytes(),
                        removed,
                        List.copyOf(damaged),
                        Duration.ofNanos(System.nanoTime() - start).toMillis());
            } catch (IOException | RuntimeException e) {
                target.emptyTemporary(); // gives the room back
                if (e instanceof IOException failure) {
                    throw target.failure(failure);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException(
                    IoFailure.isFull(e) ? StoreException.Kind.DISK_FULL : StoreException.Kind.IO,
                    "cannot back up to " + directory + ": " + e.getMessage(),
                    e);
        }
    }

    private RemovalLock forbidRemoval() throws IOException {
        try {
            return RemovalLock.forbid(layout, REMOVAL_PATIENCE)
                    .orElseThrow(() -> new StoreException(
                            StoreException.Kind.IO,
                            "the server of " + layout.data() + " has been removing images and layers for "
                                    + REMOVAL_PATIENCE.toSeconds()
                                    + " s, and nothing is backed up meanwhile; try again"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.CANCELLED, "the backup was interrupted", e);
        }
    }

    private Snapshot copy(BackupDirectory target, Batch batch) throws IOException {
        tally.begin(Part.CATALOG, 0);
        Snapshot snapshot = new Snapshot(target.temporary(target.nextName(Instant.now())));
        Files.createDirectory(snapshot.directory());
        catalogs.copyTo(snapshot.catalog());
        FaultPoint.reach("backup.catalog-copied");
        try (NamedThings named = catalogs.open(snapshot.catalog())) {
            requireSameData(target, named.generation());
            copyLayers(named.layers(), target, batch);
            copyFiles(named.files(), target, batch);
            copyLogs(named, target, snapshot, batch);
            if (Files.exists(layout.profileSaved())) {
                Files.createFile(snapshot.profileSaved());
            }
            snapshot.write(new Snapshot.Contents(
                    named.generation(), Restore.sha256(snapshot.catalog()), List.copyOf(damaged)));
        }
        FaultPoint.reach("backup.written");
        batch.sync();
        FaultPoint.reach("backup.synced");
        Snapshot made = new Snapshot(target.backups().resolve(snapshot.name()));
        FileCalls.rename(snapshot.directory(), made.directory(), false);
        FaultPoint.reach("backup.named");
        batch.sync();
        return made;
    }

    private void requireSameData(BackupDirectory target, CatalogLink.Generation generation) throws IOException {
        for (Snapshot known : target.snapshots()) {
            UUID of;
            try {
                of = known.read().generation().catalog();
            } catch (DamageException e) {
                continue; // nothing is known of it
            }
            if (!of.equals(generation.catalog())) {
                throw new StoreException(
                        StoreException.Kind.INVALID,
                        "the backup directory " + target.directory()
                                + " has backups of another server's data, and not of " + layout.data()
                                + "; name another directory");
            }
        }
    }

    private void copyLayers(Set<LayerId> layers, BackupDirectory target, Batch batch) throws IOException {
        tally.begin(Part.LAYERS, layers.size());
        Set<String> there = target.layers().names();
        Set<String> contents = target.contents().names();
        for (LayerId layer : layers) {
            if (there.contains(layer.toString())) {
                layerCounts.kept++;
            } else {
                copyLayer(layer, target, contents, batch);
                batch.publishIfFull();
            }
            tally.done();
        }
        batch.publish();
    }

    private void copyLayer(LayerId layer, BackupDirectory target, Set<String> contents, Batch batch)
            throws IOException {
        Path pack = target.temporary();
        try {
            Layout.LayerDirectory source = layout.layer(layer);
            for (Digest content : packing.pack(source, pack).values()) {
                if (!contents.contains(content.hex())) {
                    copyContent(source, content, target, batch);
                    contents.add(content.hex());
                }
            }
            FaultPoint.reach("backup.layer-packed");
            batch.add(pack, target.layer(layer));
            layerCounts.copied++;
        } catch (DamageException e) {
            Files.deleteIfExists(pack);
            damaged.add("layer " + layer + ": " + e.getMessage());
        }
    }

    private void copyContent(Layout.LayerDirectory source, Digest content, BackupDirectory target, Batch batch)
            throws IOException {
        Path copy = target.temporary();
        try {
            copying.copyContent(source.content(content), copy, content);
        } catch (DamageException e) {
            throw new DamageException("of the content " + content.hex() + " that it shares: " + e.getMessage(), e);
        }
        FaultPoint.reach("backup.content-copied");
        batch.add(copy, target.contents().place(content.hex()));
    }

    private void copyFiles(Set<Digest> files, BackupDirectory target, Batch batch) throws IOException {
        tally.begin(Part.FILES, files.size());
        Set<String> there = target.files().names();
        for (Digest file : files) {
            if (there.contains(file.hex())) {
                fileCounts.kept++;
            } else {
                Path copy = target.temporary();
                try {
                    copying.copyUpload(layout.file(file), copy, file);
                    batch.add(copy, target.file(file));
                    fileCounts.copied++;
                } catch (DamageException e) {
                    damaged.add("uploaded file " + file + ": " + e.getMessage());
                }
                batch.publishIfFull();
            }
            tally.done();
        }
        batch.publish();
    }

    private void copyLogs(NamedThings named, BackupDirectory target, Snapshot snapshot, Batch batch)
            throws IOException {
        tally.begin(Part.LOGS, 0);
        Set<String> there = target.logs().names();
        List<UUID> ended = new ArrayList<>();
        List<UUID> unfinished = new ArrayList<>();
        named.forEachOperation((operation, hasEnded) -> (hasEnded ? ended : unfinished).add(operation));
        tally.begin(Part.LOGS, ended.size() + unfinished.size());
        for (UUID operation : ended) {
            copyLog(operation, there, target, batch);
            tally.done();
        }
        batch.publish();
        for (UUID operation : unfinished) {
            Path log = logs.apply(operation);
            if (Files.exists(log)) {
                Path packed = snapshot.logs().place(BackupDirectory.logName(operation));
                Files.createDirectories(packed.getParent());
                copying.packLog(log, packed);
                logCounts.copied++;
            }
            tally.done();
        }
    }

    private void copyLog(UUID operation, Set<String> there, BackupDirectory target, Batch batch) throws IOException {
        Path log = logs.apply(operation);
        if (Files.notExists(log)) {
            return; // it ended before it began, or its log was not to be kept
        }
        String name = BackupDirectory.logName(operation);
        Path place = target.logs().place(name);
        FileTime time = Files.getLastModifiedTime(log);
        // A restored directory goes on from where it was backed up: what had not ended then has ended otherwise there.
        if (there.contains(name) && Files.getLastModifiedTime(place).equals(time)) {
            logCounts.kept++;
            return;
        }
        Path copy = target.temporary();
        copying.packLog(log, copy);
        batch.add(copy, place);
        batch.publishIfFull();
        logCounts.copied++;
    }
}
