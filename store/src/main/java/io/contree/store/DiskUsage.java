package io.contree.store;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Measures a tree that may change meanwhile. */
final class DiskUsage {
    private static final long BLOCK = 512;

    private DiskUsage() {}

    /** Bytes of the blocks of all files, each inode once. Names that vanish meanwhile count nothing. */
    static long of(Path root) throws LinuxException {
        long blocks = 0;
        Set<Long> linked = new HashSet<>();
        Deque<String> directories = new ArrayDeque<>(List.of(""));
        try (LayerTree tree = new LayerTree(root, new StateXattrs(0))) {
            while (!directories.isEmpty()) {
                String path = directories.pop();
                Optional<Fd> opened = tree.directoryIfPresent(path);
                if (opened.isEmpty()) {
                    continue;
                }
                try (Fd directory = opened.get()) {
                    blocks += FileCalls.stat(directory, "").blocks();
                    for (FileCalls.Entry entry : FileCalls.list(directory)) {
                        if (entry.type() == Stat.DIRECTORY) {
                            directories.push(TreeEntry.join(path, entry.name()));
                            continue;
                        }
                        Optional<Stat> stat = FileCalls.statIfPresent(directory, entry.name());
                        if (stat.isPresent()
                                && (stat.get().nlink() < 2
                                        || linked.add(stat.get().inode()))) {
                            blocks += stat.get().blocks();
                        }
                    }
                }
            }
        }
        return blocks * BLOCK;
    }
}
