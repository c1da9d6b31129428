package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.store.disk.Layout;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.Manifest;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Syncs a sealed layer to disk before anything names it. */
final class LayerSync {
    /** Above this many entries one sync of the file system is cheaper than one for each. */
    private static final int MANY = 16;

    private LayerSync() {}

    /** @param fileSystem the layer's, opened before anything of the layer was written */
    static void sync(Layout.LayerDirectory layer, SharedContents contents, int entries, Fd fileSystem)
            throws IOException {
        if (entries > MANY) {
            FileCalls.syncFileSystem(fileSystem);
            return;
        }
        try (Fd directory = FileCalls.open(layer.directory(), FileCalls.READ | FileCalls.DIRECTORY)) {
            syncTree(layer);
            contents.sync(layer);
            syncFile(layer.manifest());
            if (Files.exists(layer.sums())) {
                syncFile(layer.sums());
            }
            FileCalls.fsync(directory);
        }
    }

    private static void syncTree(Layout.LayerDirectory layer) throws IOException {
        Manifest manifest = Manifest.open(layer.manifest());
        try (Fd tree = FileCalls.open(layer.tree(), FileCalls.READ | FileCalls.DIRECTORY)) {
            for (int index = manifest.count() - 1; index > 0; index--) {
                TreeEntry entry = manifest.entry(index);
                if (entry.isDirectory() || entry.isRegular()) {
                    Checkpoint.pass();
                    try (Fd file = FileCalls.open(
                            tree,
                            entry.path().raw(),
                            FileCalls.READ | FileCalls.NO_FOLLOW,
                            0,
                            FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS)) {
                        FileCalls.fsync(file);
                    }
                }
            }
            FileCalls.fsync(tree);
        }
    }

    static void syncFile(Path path) throws LinuxException {
        try (Fd file = FileCalls.open(path, FileCalls.READ)) {
            FileCalls.fsync(file);
        }
    }
}
