package io.contree.store.layer;

import io.contree.linux.RawPath;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.TreeEntry;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a layer holds and what it leaves out, relative to the state that it lies on (docs/design/format.md, "Layer"): the same for
 * what a run wrote and for what is merged from several layers. Used by one thread.
 */
final class NormalForm {
    private final LayerStack below;

    /**
     * How a directory hides what the state below has in it.
     *
     * @param opaque by one mark for all of it
     * @param gone the names that go; each has a whiteout unless the mark hides them
     */
    record Hiding(boolean opaque, Set<String> gone) {
        static final Hiding NOTHING = new Hiding(false, Collections.emptySet());
    }

    NormalForm(LayerStack below) {
        this.below = below;
    }

    /**
     * What becomes of a directory that shows nothing of the one below.
     *
     * @param old the directory that the state below has there
     * @param names those that the layer has in it
     */
    static Hiding hidingAll(RawPath path, Optional<MergedEntry> old, Set<String> names) {
        if (old.isEmpty()) {
            return Hiding.NOTHING;
        }
        Set<String> gone = new TreeSet<>();
        old.get().children().forEach(child -> gone.add(child.path().name()));
        boolean shares = gone.removeAll(names);
        // Where nothing can equal the state below, one mark is cheaper than many whiteouts; the root cannot have it.
        return new Hiding(!gone.isEmpty() && !shares && !path.isEmpty(), gone);
    }

    /** True for a directory that is the same in the state below, whatever is in it. */
    static boolean isUnchangedDirectory(TreeEntry entry, Optional<MergedEntry> old) {
        return old.isPresent() && entry.sameAs(old.get().entry());
    }

    /** True for a file with one name that is the same in the state below. */
    static boolean isUnchangedFile(TreeEntry entry, Optional<MergedEntry> old) {
        return isSameFile(entry, old) && old.orElseThrow().link().isEmpty();
    }

    /** True for a file with several names, given in order, that is the same in the state below, with no other names. */
    boolean isUnchangedFile(TreeEntry entry, List<RawPath> paths) {
        Optional<MergedEntry> old = below.find(paths.getFirst());
        return isSameFile(entry, old) && old.orElseThrow().linkedPaths().equals(paths);
    }

    private static boolean isSameFile(TreeEntry entry, Optional<MergedEntry> old) {
        return old.isPresent()
                && !old.get().isDirectory()
                && entry.sameAs(old.get().entry());
    }

    /** What equals a mount point stays in the layer: views leave the skeleton out and must show what the image holds. */
    boolean isFromSkeleton(Optional<MergedEntry> old) {
        return old.isPresent() && old.get().place() == below.depth() - 1;
    }
}
