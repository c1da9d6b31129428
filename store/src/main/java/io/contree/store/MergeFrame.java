package io.contree.store;

import io.contree.linux.Fd;
import io.contree.linux.LinuxException;
import java.util.Iterator;
import java.util.Optional;
import java.util.SortedSet;

/** A directory of a merged layer while it is made: on disk once something in the layer needs it. */
final class MergeFrame {
    private final LayerTree target;
    private final TreeEntry entry;
    private final MergedEntry after;
    private final Optional<MergedEntry> below;
    private final Iterator<String> names;
    private Optional<Fd> open = Optional.empty();
    private boolean written;

    /**
     * @param entry the directory's own, with the opaqueness that it will have
     * @param after what the run shows there, on what lies below it
     * @param below the directory that the state below the run has there
     * @param names what may differ between the two
     */
    MergeFrame(
            LayerTree target,
            TreeEntry entry,
            MergedEntry after,
            Optional<MergedEntry> below,
            SortedSet<String> names) {
        this.target = target;
        this.entry = entry;
        this.after = after;
        this.below = below;
        this.names = names.iterator();
    }

    TreeEntry entry() {
        return entry;
    }

    String path() {
        return entry.path();
    }

    Optional<MergedEntry> after(String name) {
        return after.child(name);
    }

    Optional<MergedEntry> below(String name) {
        return below.flatMap(directory -> directory.child(name));
    }

    Iterator<String> names() {
        return names;
    }

    /** Opens the directory, which must be on disk. */
    Fd directory() throws LinuxException {
        if (open.isEmpty()) {
            open = Optional.of(target.directory(path()));
        }
        return open.get();
    }

    /** Closes the descriptor until the next use, so that depth costs none. */
    void release() {
        open.ifPresent(Fd::close);
        open = Optional.empty();
    }

    boolean isWritten() {
        return written;
    }

    void setWritten() {
        written = true;
    }
}
