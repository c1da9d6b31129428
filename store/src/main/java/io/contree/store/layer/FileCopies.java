package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a draft what files of other layers hold. Each is a file of its own, so that its link count is right and nothing ties it to the
 * other layer, but it shares the blocks, or the content, where the disk can. Used by one thread.
 */
final class FileCopies implements AutoCloseable {
    private final Layout layout;
    private final List<LayerId> layers;
    private final LayerDraft draft;
    private final Map<Integer, LayerTree> sources = new HashMap<>();

    /** @param layers those of the stack whose entries are copied, the lowest first, without the skeleton */
    FileCopies(Layout layout, List<LayerId> layers, LayerDraft draft) {
        this.layout = layout;
        this.layers = layers;
        this.draft = draft;
    }

    LayerId layer(int place) {
        return layers.get(layers.size() - 1 - place);
    }

    /** The files of the layer at a place of the stack, 0 on top; open until this is closed. */
    LayerTree source(int place) throws LinuxException {
        LayerTree open = sources.get(place);
        if (open == null) {
            boolean skeleton = place == layers.size();
            open = new LayerTree(
                    skeleton
                            ? layout.skeleton().tree()
                            : layout.layer(layer(place)).tree(),
                    new StateXattrs(0));
            sources.put(place, open);
        }
        return open;
    }

    /** Makes a copy of anything but a directory, with its attributes. */
    void make(MergedEntry file, Fd parent, String name) throws IOException {
        TreeEntry entry = file.entry();
        if (entry.isRegular()) {
            makeRegular(file, entry, parent, name);
        } else if (entry.type() == Stat.SYMLINK) {
            FileCalls.makeSymlink(entry.target().raw(), parent, name);
        } else {
            FileCalls.makeNode(parent, name, entry.mode(), entry.rdevMajor(), entry.rdevMinor());
        }
        EntryAttributes.apply(entry, parent, name);
    }

    private void makeRegular(MergedEntry file, TreeEntry entry, Fd parent, String name) throws IOException {
        if (isStub(file)) {
            draft.contents().makeStub(parent, name, entry, draft.directory());
            draft.known().add(FileCalls.stat(parent, name), entry.content().orElseThrow(), true);
            return;
        }
        int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE | FileCalls.NO_FOLLOW;
        try (Fd to = FileCalls.open(parent, name, flags, 0600, FileCalls.RESOLVE_BENEATH)) {
            write(file, entry, to);
        }
    }

    /** Gives a file that overlayfs copied without its content the content of the file below; its attributes stay. */
    void complete(MergedEntry file, LayerTree tree, Fd parent, String name) throws IOException {
        Stat stat = FileCalls.stat(parent, name);
        TreeEntry own = tree.entry(parent, name, RawPath.EMPTY, stat, Optional.empty());
        if (isStub(file)) {
            draft.contents().refer(parent, name, file.entry().content().orElseThrow(), draft.directory());
            draft.known().add(stat, file.entry().content().orElseThrow(), true);
            return;
        }
        int flags = FileCalls.WRITE | FileCalls.NO_FOLLOW;
        try (Fd to = FileCalls.open(parent, name, flags, 0, FileCalls.RESOLVE_BENEATH)) {
            write(file, file.entry(), to);
        }
        for (String attribute : FileCalls.xattrs(parent, name).keySet()) {
            if (SharedContents.NOTES.contains(attribute)) {
                FileCalls.removeXattr(parent, name, attribute);
            }
        }
        EntryAttributes.apply(own, parent, name);
    }

    private void write(MergedEntry file, TreeEntry entry, Fd to) throws LinuxException {
        LayerTree source = source(file.place());
        try (Fd directory = source.directory(entry.path().parent());
                Fd from = source.file(directory, entry.path().name())) {
            boolean shared = FileCalls.copy(from, to, Checkpoint.current());
            draft.known().add(FileCalls.stat(to, ""), entry.content().orElseThrow(), shared);
        }
    }

    private boolean isStub(MergedEntry file) throws LinuxException {
        if (file.entry().size() < SharedContents.SMALLEST) {
            return false;
        }
        LayerTree source = source(file.place());
        try (Fd directory = source.directory(file.path().parent())) {
            return SharedContents.contentOf(
                            FileCalls.xattrs(directory, file.path().name()))
                    .isPresent();
        }
    }

    @Override
    public void close() {
        sources.values().forEach(LayerTree::close);
    }
}
