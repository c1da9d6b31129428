package io.contree.store.disk;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import java.nio.file.Path;

/** Syncs names to disk. */
final class DiskSync {
    private DiskSync() {}

    /** The names in a directory are on disk on return; what is in the files may not be. */
    static void directory(Path path) throws LinuxException {
        try (Fd directory = FileCalls.open(path, FileCalls.READ | FileCalls.DIRECTORY)) {
            FileCalls.fsync(directory);
        }
    }
}
