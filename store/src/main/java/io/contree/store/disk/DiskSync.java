package io.contree.store.disk;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import java.nio.file.Path;

/** Syncs names to disk. */
final class DiskSync {
    private DiskSync() {}

    /** The names in a directory are on disk on return; what is in the files may not be. */
    static void directory(Path path) throws LinuxException {
        int flags = FileCalls.READ | FileCalls.DIRECTORY;
        try (Fd directory = FileCalls.open(Fd.CWD, RawPath.fromText(path.toString()), flags, 0, 0)) {
            FileCalls.fsync(directory);
        }
    }
}
