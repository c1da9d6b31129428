package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.TreeEntry;
import java.util.Optional;

/** A directory on the walk through a layer, with what the state below has there. Its descriptor is open only in use. */
abstract class LayerFrame {
    private final LayerTree tree;
    private final TreeEntry entry;
    private final Optional<MergedEntry> below;
    private Optional<Fd> open = Optional.empty();
    private boolean written;

    /**
     * @param entry the directory's own, with the opaqueness that it will have
     * @param below the directory that the state below has here
     */
    LayerFrame(LayerTree tree, TreeEntry entry, Optional<MergedEntry> below) {
        this.tree = tree;
        this.entry = entry;
        this.below = below;
    }

    final TreeEntry entry() {
        return entry;
    }

    final RawPath path() {
        return entry.path();
    }

    final Optional<MergedEntry> below(String name) {
        return below.flatMap(directory -> directory.child(name));
    }

    /** Opens the directory, which must be on disk. */
    final Fd directory() throws LinuxException {
        if (open.isEmpty()) {
            open = Optional.of(tree.directory(path()));
        }
        return open.get();
    }

    /** Closes the descriptor until the next use, so that a deep tree does not need many. */
    final void release() {
        open.ifPresent(Fd::close);
        open = Optional.empty();
    }

    final boolean isWritten() {
        return written;
    }

    final void setWritten() {
        written = true;
    }
}
