package io.contree.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A data directory that this process has for itself until it is closed. */
final class DataDirectory implements AutoCloseable {
    private static final String FORMAT = "contree data 1\n";

    private final Layout layout;
    private final FileChannel lock;

    private DataDirectory(Layout layout, FileChannel lock) {
        this.layout = layout;
        this.lock = lock;
    }

    Layout layout() {
        return layout;
    }

    /** @throws StoreException IO if another process has it or it is of another format */
    static DataDirectory open(Path data) throws IOException {
        Layout layout = new Layout(data.toAbsolutePath().normalize());
        Files.createDirectories(layout.data());
        FileChannel lock = FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(layout, lock);
            checkFormat(layout);
            for (Path directory :
                    List.of(layout.layers(), layout.checkouts(), layout.temporary(), layout.files(), layout.empty())) {
                make(directory, "rwx------");
            }
            // Runtimes come here with the ids of a container, so its mounts must be reachable for all.
            make(layout.data(), "rwx--x--x");
            make(layout.mounts(), "rwx--x--x");
            LayerSync.syncDirectory(layout.data());
            return new DataDirectory(layout, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void lock(Layout layout, FileChannel channel) throws IOException {
        @Nullable FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            throw new StoreException(
                    StoreException.Kind.IO,
                    "the data directory " + layout.data() + " is in use by another server; stop it or take another");
        }
    }

    private static void checkFormat(Layout layout) throws IOException {
        if (!Files.exists(layout.format())) {
            Files.writeString(layout.format(), FORMAT);
            LayerSync.syncFile(layout.format());
        }
        String found = Files.readString(layout.format());
        if (!found.equals(FORMAT)) {
            throw new StoreException(
                    StoreException.Kind.IO,
                    "the data directory " + layout.data() + " has format \"" + found.strip() + "\" and this version of"
                            + " contree reads \"" + FORMAT.strip() + "\"; use the version that wrote it");
        }
    }

    private static void make(Path directory, String permissions) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
