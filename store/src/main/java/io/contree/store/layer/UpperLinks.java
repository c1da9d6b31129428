package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.StoreException;
import io.contree.store.manifest.ManifestFormat;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.TreeEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of a layer's tree that have several names in it, found by one walk. */
final class UpperLinks {
    private final Map<Long, LinkedFile> byInode = new HashMap<>();
    private int kept;

    /** One file with its names in order; what becomes of it is decided at the first. */
    static final class LinkedFile {
        private final List<RawPath> paths = new ArrayList<>(2);
        private Optional<TreeEntry> first = Optional.empty();
        private boolean dropped;
        private int number;

        List<RawPath> paths() {
            return paths;
        }

        /** The entry under the name that the walk met first, once it has met one. */
        Optional<TreeEntry> first() {
            return first;
        }

        /** True if all names equal those of the state below. */
        boolean isDropped() {
            return dropped;
        }

        int number() {
            return number;
        }
    }

    private UpperLinks() {}

    /** @throws StoreException INVALID if a path is longer than the kernel takes in one call */
    static UpperLinks scan(LayerTree tree) throws LinuxException {
        UpperLinks links = new UpperLinks();
        Deque<RawPath> directories = new ArrayDeque<>(List.of(RawPath.EMPTY));
        while (!directories.isEmpty()) {
            RawPath path = directories.pop();
            try (Fd directory = tree.directory(path)) {
                for (FileCalls.Entry entry : FileCalls.list(directory)) {
                    Checkpoint.pass();
                    RawPath child = path.child(entry.name());
                    checkLength(child);
                    if (entry.type() == Stat.DIRECTORY) {
                        directories.push(child);
                    } else {
                        links.add(child, FileCalls.stat(directory, entry.name()));
                    }
                }
            }
        }
        links.byInode.values().removeIf(file -> file.paths.size() < 2);
        links.byInode.values().forEach(file -> Collections.sort(file.paths));
        return links;
    }

    private void add(RawPath path, Stat stat) {
        if (stat.nlink() > 1 && !stat.isWhiteout()) {
            byInode.computeIfAbsent(stat.inode(), inode -> new LinkedFile())
                    .paths
                    .add(path);
        }
    }

    static void checkLength(RawPath path) {
        if (path.length() > ManifestFormat.MAX_PATH) {
            throw new StoreException(
                    StoreException.Kind.INVALID,
                    "a path in the image is longer than " + ManifestFormat.MAX_PATH + " bytes: "
                            + RawPath.toText(path.raw().substring(0, 100)) + "…; remove or shorten it");
        }
    }

    Optional<LinkedFile> of(Stat stat) {
        return Optional.ofNullable(byInode.get(stat.inode()));
    }

    /** Drops a file with all its names, or keeps it and numbers its group. */
    void decide(LinkedFile file, TreeEntry first, boolean drop) {
        file.first = Optional.of(first);
        file.dropped = drop;
        file.number = drop ? 0 : ++kept;
    }
}
