package io.contree.store.disk;

import io.contree.linux.FaultPoint;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.Host;
import io.contree.linux.OpenFileLock;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An empty directory that becomes a data directory. Until all of it is on disk its {@code format} says what it is, so that no server
 * takes it for one and another restore may begin anew in it. Used by one thread.
 */
public final class RestoredDirectory implements AutoCloseable {
    private final Layout layout;
    private final OpenFileLock lock;
    /** Opened before anything was written, so that no failed write is missed. */
    private final Fd fileSystem;

    private Optional<SharedContents> contents = Optional.empty();

    private RestoredDirectory(Layout layout, OpenFileLock lock, Fd fileSystem) {
        this.layout = layout;
        this.lock = lock;
        this.fileSystem = fileSystem;
    }

    /**
     * Takes a directory that is missing, empty, or left by a restore that was cut short.
     *
     * @throws StoreException INVALID if anything else is in it, IO if it cannot hold a server's data
     */
    public static RestoredDirectory begin(Path data) {
        Layout layout = new Layout(data.toAbsolutePath().normalize());
        try {
            Files.createDirectories(layout.data());
            requireNothing(layout);
            OpenFileLock lock = OpenFileLock.exclusive(layout.lock())
                    .orElseThrow(() -> DataDirectory.refused(
                            layout, "is in use by a server or by another restore", "choose another with --data"));
            RestoredDirectory restored;
            try {
                requireNothing(layout);
                Fd fileSystem = FileCalls.open(layout.data(), FileCalls.READ | FileCalls.DIRECTORY);
                restored = new RestoredDirectory(layout, lock, fileSystem);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
            try {
                restored.prepare();
                return restored;
            } catch (IOException | RuntimeException e) {
                restored.abandon();
                restored.close();
                throw e;
            }
        } catch (IOException e) {
            throw IoFailure.of("make a data directory of " + layout.data(), e);
        }
    }

    private static void requireNothing(Layout layout) throws IOException {
        if (Files.exists(layout.format()) && Files.readString(layout.format()).equals(DataDirectory.RESTORING)) {
            return;
        }
        for (Path entry : entries(layout)) {
            if (!isHarmless(layout, entry)) {
                throw new StoreException(
                        StoreException.Kind.INVALID,
                        "a backup is restored into an empty directory, and " + layout.data()
                                + " is not empty (there is " + entry.getFileName() + "); name another with --data");
            }
        }
    }

    /** What a restore that is cut short at its very start leaves, and a file system's own. */
    private static boolean isHarmless(Layout layout, Path entry) {
        return Set.of(layout.lock(), layout.nextFormat()).contains(entry)
                || entry.getFileName().toString().equals("lost+found");
    }

    private void prepare() throws IOException {
        WholeFile.write(layout.format(), DataDirectory.RESTORING);
        FaultPoint.reach("restore.begun");
        empty();
        for (Path directory : List.of(layout.layers(), layout.files(), layout.operations(), layout.temporary())) {
            Files.createDirectory(directory, DataDirectory.OWNER_ONLY);
        }
        if (Host.isRoot()) {
            DataDirectory.requireOverlays(layout, Optional.empty());
        }
    }

    public Layout layout() {
        return layout;
    }

    /** Where contents that layers share go: the data is of format 2 once this was called. */
    public SharedContents contents() throws IOException {
        if (contents.isEmpty()) {
            contents = Optional.of(SharedContents.restored(layout));
        }
        return contents.get();
    }

    /** Makes it a data directory, with this catalog; all of it is on disk on return. */
    public void finish(CatalogLink.Generation generation) throws IOException {
        Files.setPosixFilePermissions(layout.catalog(), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(layout.data(), PosixFilePermissions.fromString("rwx--x--x"));
        FaultPoint.reach("restore.copied");
        CatalogLink.of(layout).record(generation);
        FileCalls.syncFileSystem(fileSystem);
        FaultPoint.reach("restore.synced");
        WholeFile.write(layout.format(), contents.isPresent() ? DataDirectory.FORMAT_2 : DataDirectory.FORMAT);
    }

    /** Empties the directory again. */
    public void abandon() throws IOException {
        empty();
        Files.deleteIfExists(layout.format());
        Files.deleteIfExists(layout.lock());
    }

    private void empty() throws IOException {
        for (Path entry : entries(layout)) {
            if (!isHarmless(layout, entry) && !entry.equals(layout.format())) {
                FileCalls.removeTree(entry);
            }
        }
    }

    private static List<Path> entries(Layout layout) throws IOException {
        try (Stream<Path> entries = Files.list(layout.data())) {
            return entries.toList();
        }
    }

    @Override
    public void close() {
        fileSystem.close();
        lock.close();
    }
}
