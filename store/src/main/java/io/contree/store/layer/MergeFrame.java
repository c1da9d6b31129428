package io.contree.store.layer;

import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.TreeEntry;
import java.util.Iterator;
import java.util.Optional;
import java.util.SortedSet;

/** A directory of a merged layer while it is made: on disk once something in the layer needs it. */
final class MergeFrame extends LayerFrame {
    private final MergedEntry after;
    private final Iterator<String> names;

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
        super(target, entry, below);
        this.after = after;
        this.names = names.iterator();
    }

    Optional<MergedEntry> after(String name) {
        return after.child(name);
    }

    Iterator<String> names() {
        return names;
    }
}
