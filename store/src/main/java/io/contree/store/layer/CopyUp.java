package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Copies a file from the layers below into a layer that is being written, under all its names that show through. */
final class CopyUp {
    private final Layout layout;
    private final List<LayerId> parents;
    private final LayerStack below;
    private final LayerTree tree;
    private final DraftDirectories directories;

    CopyUp(Layout layout, List<LayerId> parents, LayerStack below, LayerTree tree, DraftDirectories directories) {
        this.layout = layout;
        this.parents = parents;
        this.below = below;
        this.tree = tree;
        this.directories = directories;
    }

    void copyUp(MergedEntry file) throws LinuxException {
        Optional<RawPath> copied = Optional.empty();
        for (RawPath path : file.linkedPaths()) {
            if (Shadow.of(tree, path) != Shadow.THROUGH) {
                continue;
            }
            Fd parent = directories.parentOf(path);
            if (copied.isEmpty()) {
                try (LayerTree source = new LayerTree(treeOf(file), new StateXattrs(0))) {
                    copy(source, below.find(path).orElseThrow().entry(), parent);
                }
                copied = Optional.of(path);
            } else {
                try (Fd first = tree.directory(copied.get().parent())) {
                    FileCalls.link(first, copied.get().name(), parent, path.name());
                }
            }
        }
    }

    /** Copies a file from one layer's tree into a directory of another, under the same name. */
    static void copy(LayerTree source, TreeEntry entry, Fd parent) throws LinuxException {
        String name = entry.path().name();
        if (entry.isRegular()) {
            int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE | FileCalls.NO_FOLLOW;
            try (Fd directory = source.directory(entry.path().parent());
                    Fd from = source.file(directory, name);
                    Fd to = FileCalls.open(parent, name, flags, 0600, FileCalls.RESOLVE_BENEATH)) {
                FileCalls.copy(from, to, Checkpoint.current());
            }
        } else if (entry.type() == Stat.SYMLINK) {
            FileCalls.makeSymlink(entry.target().raw(), parent, name);
        } else {
            FileCalls.makeNode(parent, name, entry.mode(), entry.rdevMajor(), entry.rdevMinor());
        }
        EntryAttributes.apply(entry, parent, name);
    }

    private Path treeOf(MergedEntry file) {
        int fromTop = file.place();
        boolean skeleton = fromTop == below.depth() - 1;
        return skeleton
                ? layout.skeleton().tree()
                : layout.layer(parents.get(parents.size() - 1 - fromTop)).tree();
    }
}
