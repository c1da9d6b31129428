package io.contree.store.layer;

import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.TreeEntry;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A directory of a layer while it is sealed. */
final class SealFrame extends LayerFrame {
    private final boolean hides;
    private final Set<String> names;
    private final Iterator<String> remaining;
    private boolean touched;

    /**
     * @param entry the directory's own, with the opaqueness that it will have
     * @param below the directory that the state below has here
     * @param hides whether what is in {@code below} was hidden before sealing
     * @param names those on disk in this directory
     * @param gone those that the state below has here and that are hidden without a whiteout
     */
    SealFrame(
            LayerTree tree,
            TreeEntry entry,
            Optional<MergedEntry> below,
            boolean hides,
            Set<String> names,
            Set<String> gone) {
        super(tree, entry, below);
        this.hides = hides;
        this.names = names;
        Set<String> all = new TreeSet<>(names);
        all.addAll(gone);
        this.remaining = all.iterator();
    }

    boolean hides() {
        return hides;
    }

    boolean isOnDisk(String name) {
        return names.contains(name);
    }

    Optional<String> next() {
        return remaining.hasNext() ? Optional.of(remaining.next()) : Optional.empty();
    }

    /** True if names came or went, which changed the directory's modification time on disk. */
    boolean isTouched() {
        return touched;
    }

    void setTouched() {
        touched = true;
    }
}
