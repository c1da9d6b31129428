package io.contree.store.check;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.disk.Layout.LayerDirectory;
import io.contree.store.disk.SharedContents;
import io.contree.store.layer.EntryAttributes;
import io.contree.store.manifest.Manifest;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes entries of a layer's tree again what its manifest says, where that has all that there is to know. Used by one thread. */
final class EntryRepair {
    private static final long INSIDE = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    private final LayerDirectory layer;
    private final Manifest manifest;
    private final Consumer<Path> setAside;

    /** @param setAside takes away what is in the place of something else */
    EntryRepair(LayerDirectory layer, Manifest manifest, Consumer<Path> setAside) {
        this.layer = layer;
        this.manifest = manifest;
        this.setAside = setAside;
    }

    /** What was done; empty if the manifest does not have what is needed, and then nothing was. */
    Optional<String> repair(RawPath path) throws IOException {
        int index = manifest.find(path);
        try (Fd tree = FileCalls.open(layer.tree(), FileCalls.READ | FileCalls.DIRECTORY)) {
            if (index < 0) {
                setAside.accept(layer.tree().resolve(path.toString()));
                return Optional.of("it was set aside");
            }
            TreeEntry entry = manifest.entry(index);
            if (path.isEmpty()) {
                attributes(entry, tree, "");
                return Optional.of("its attributes were restored");
            }
            try (Fd parent = open(tree, path.parent())) {
                Optional<String> done = repair(index, entry, parent, path.name());
                if (done.isPresent()) {
                    long time = manifest.entry(manifest.find(path.parent())).mtimeNanos();
                    FileCalls.setTimes(parent, "", time);
                }
                return done;
            }
        }
    }

    private static Fd open(Fd tree, RawPath path) throws LinuxException {
        int flags = FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW;
        return FileCalls.open(tree, path.isEmpty() ? "." : path.raw(), flags, 0, INSIDE);
    }

    private Optional<String> repair(int index, TreeEntry entry, Fd parent, String name) throws IOException {
        Optional<Stat> stat = FileCalls.statIfPresent(parent, name);
        boolean same = stat.isPresent() && isSameFile(entry, stat.get(), parent, name);
        if (same && entry.group() == 0 && !entry.isWhiteout()) {
            attributes(entry, parent, name);
            return Optional.of("its attributes were restored");
        }
        Optional<RawPath> link = entry.group() == 0 ? Optional.empty() : otherName(index, entry);
        boolean makeable = link.isPresent()
                || (!entry.isRegular() && !(entry.isDirectory() && manifest.subtreeEnd(index) > index + 1))
                || (entry.isRegular() && entry.size() == 0);
        if (!makeable) {
            return Optional.empty();
        }
        if (stat.isPresent()) {
            setAside.accept(layer.tree().resolve(entry.path().toString()));
        }
        if (link.isPresent()) {
            try (Fd tree = FileCalls.open(layer.tree(), FileCalls.READ | FileCalls.DIRECTORY);
                    Fd from = open(tree, link.get().parent())) {
                FileCalls.link(from, link.get().name(), parent, name);
            }
        } else {
            make(entry, parent, name);
        }
        return Optional.of("it was made again");
    }

    /** Whether the content is that of the entry as far as can be told without reading it. */
    private static boolean isSameFile(TreeEntry entry, Stat stat, Fd parent, String name) throws LinuxException {
        return stat.type() == entry.type()
                && !stat.isWhiteout()
                && (!entry.isRegular() || stat.size() == entry.size())
                && (!stat.isSymlink() || FileCalls.readLink(parent, name).equals(entry.target()));
    }

    /** Another name of the file that is still what it was. */
    private Optional<RawPath> otherName(int index, TreeEntry entry) throws IOException {
        try (Fd tree = FileCalls.open(layer.tree(), FileCalls.READ | FileCalls.DIRECTORY)) {
            for (int member : manifest.members(entry.group())) {
                RawPath path = manifest.path(member);
                if (member != index) {
                    try (Fd parent = open(tree, path.parent())) {
                        Optional<Stat> stat = FileCalls.statIfPresent(parent, path.name());
                        if (stat.isPresent() && isSameFile(entry, stat.get(), parent, path.name())) {
                            attributes(entry, parent, path.name());
                            return Optional.of(path);
                        }
                    }
                }
            }
            return Optional.empty();
        }
    }

    private static void make(TreeEntry entry, Fd parent, String name) throws LinuxException {
        if (entry.isWhiteout()) {
            FileCalls.makeNode(parent, name, Stat.CHARACTER_DEVICE, 0, 0);
            return;
        }
        if (entry.isDirectory()) {
            FileCalls.makeDirectory(parent, name, 0700);
        } else if (entry.type() == Stat.SYMLINK) {
            FileCalls.makeSymlink(entry.target().raw(), parent, name);
        } else {
            FileCalls.makeNode(parent, name, entry.mode(), entry.rdevMajor(), entry.rdevMinor());
        }
        attributes(entry, parent, name);
    }

    private static void attributes(TreeEntry entry, Fd directory, String name) throws LinuxException {
        boolean stub = entry.isRegular()
                && SharedContents.contentOf(FileCalls.xattrs(directory, name)).isPresent();
        for (String xattr : FileCalls.xattrs(directory, name).keySet()) {
            boolean means = stub && SharedContents.NOTES.contains(xattr);
            if (xattr.startsWith(StateXattrs.OVERLAY_PREFIX)
                    && !means
                    && !EntryComparison.MEANINGLESS.contains(xattr)) {
                FileCalls.removeXattr(directory, name, xattr);
            }
        }
        if (entry.opaque()) {
            FileCalls.setXattr(directory, name, StateXattrs.OPAQUE, StateXattrs.opaqueValue());
        }
        EntryAttributes.apply(entry, directory, name);
    }
}
