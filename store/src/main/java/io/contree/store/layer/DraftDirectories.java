package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The directories of a layer that is being written. The last used is kept open until this is closed, since archives
 * list the entries of a directory together.
 */
final class DraftDirectories implements AutoCloseable {
    private final LayerTree tree;
    private final LayerStack below;
    private final Map<RawPath, Long> times;
    private Optional<Fd> open = Optional.empty();
    private RawPath openPath = RawPath.EMPTY;

    /** @param times takes the modification times of directories that are made here */
    DraftDirectories(LayerTree tree, LayerStack below, Map<RawPath, Long> times) {
        this.tree = tree;
        this.below = below;
        this.times = times;
    }

    /** Opens the parent directory of a path; makes it and its own parents where they are missing. */
    Fd parentOf(RawPath path) throws LinuxException {
        RawPath parent = path.parent();
        if (open.isPresent() && openPath.equals(parent)) {
            return open.get();
        }
        close();
        ensure(parent, path);
        Fd directory = tree.directory(parent);
        open = Optional.of(directory);
        openPath = parent;
        return directory;
    }

    private void ensure(RawPath directory, RawPath path) throws LinuxException {
        RawPath made = RawPath.EMPTY;
        for (String name : directory.names()) {
            RawPath child = made.child(name);
            try (Fd parent = tree.directory(made)) {
                Optional<Stat> present = FileCalls.statIfPresent(parent, name);
                if (present.isEmpty() || present.get().isWhiteout()) {
                    make(parent, child, present.isPresent());
                } else if (!present.get().isDirectory()) {
                    throw ListedPath.invalid(path, "it lies below an entry that is not a directory");
                }
            }
            made = child;
        }
    }

    /** Makes a directory that nobody listed: as in the stack below, unless it is deleted there. */
    private void make(Fd parent, RawPath path, boolean overWhiteout) throws LinuxException {
        String name = path.name();
        Optional<TreeEntry> lower = Shadow.of(tree, path) == Shadow.THROUGH
                ? below.find(path).filter(MergedEntry::isDirectory).map(MergedEntry::entry)
                : Optional.empty();
        if (overWhiteout) {
            FileCalls.unlink(parent, name, false);
        }
        FileCalls.makeDirectory(parent, name, 0755);
        if (lower.isPresent()) {
            EntryAttributes.apply(lower.get(), parent, name);
            times.put(path, lower.get().mtimeNanos());
        } else {
            EntryAttributes.removeXattrs(parent, name, Set.of());
            FileCalls.chmod(parent, name, 0755);
            FileCalls.chown(parent, name, 0, 0);
            times.put(path, 0L);
        }
        if (overWhiteout) {
            markOpaque(parent, name);
        }
    }

    /** Makes a listed directory over what this layer has there; one that replaces something hides the stack below. */
    void makeOver(Fd parent, RawPath path) throws LinuxException {
        String name = path.name();
        Optional<Stat> present = FileCalls.statIfPresent(parent, name);
        if (present.filter(Stat::isDirectory).isPresent()) {
            return;
        }
        if (present.isPresent()) {
            FileCalls.unlink(parent, name, false);
        }
        FileCalls.makeDirectory(parent, name, 0755);
        if (present.isPresent()) {
            markOpaque(parent, name);
        }
    }

    /** Removes what this layer has at a path. */
    void clear(Fd parent, RawPath path) throws LinuxException {
        Optional<Stat> present = FileCalls.statIfPresent(parent, path.name());
        if (present.isEmpty()) {
            return;
        }
        if (present.get().isDirectory()) {
            times.keySet().removeIf(known -> known.equals(path) || known.raw().startsWith(path.raw() + "/"));
            FileCalls.removeTree(parent, path.name());
        } else {
            FileCalls.unlink(parent, path.name(), false);
        }
    }

    static void markOpaque(Fd parent, String name) throws LinuxException {
        FileCalls.setXattr(parent, name, StateXattrs.OPAQUE, StateXattrs.opaqueValue());
    }

    @Override
    public void close() {
        open.ifPresent(Fd::close);
        open = Optional.empty();
    }
}
