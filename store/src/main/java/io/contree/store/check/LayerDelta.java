package io.contree.store.check;

import io.contree.linux.RawPath;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.manifest.MergedWalk;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.StateDelta;
import io.contree.store.state.StateSums;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * How a layer changes the sums of the state that it lies on, by the manifests alone and at the cost of the layer, not of the state.
 * Used once.
 */
final class LayerDelta {
    private final LayerStack below;
    private final LayerStack whole;
    private final StateDelta delta = new StateDelta();
    private final List<Pair> pending = new ArrayList<>();
    /** Files below whose names are not all shown any more, or by another file. */
    private final Set<LayerStack.LinkGroup> touched = new LinkedHashSet<>();

    private record Pair(MergedEntry below, MergedEntry whole) {}

    /** @param whole the layer on top of {@code below} */
    LayerDelta(LayerStack below, LayerStack whole) {
        this.below = below;
        this.whole = whole;
    }

    /** What is to be added to the sums of the state below. */
    StateSums sums() {
        replace(Optional.of(below.root()), whole.root());
        while (!pending.isEmpty()) {
            Checkpoint.pass();
            Pair pair = pending.removeLast();
            for (String name : names(pair)) {
                compare(pair, name);
            }
        }
        settle();
        return delta.sums();
    }

    /** The names that the layer has, and those below too if it hides them. */
    private static SortedSet<String> names(Pair pair) {
        List<MergedEntry.Part> own =
                pair.whole().parts().stream().filter(part -> part.place() == 0).toList();
        SortedSet<String> names = pair.whole().names(own);
        if (pair.whole().parts().size() == own.size()) {
            names.addAll(pair.below().names());
        }
        return names;
    }

    private void compare(Pair pair, String name) {
        Optional<MergedEntry> old = pair.below().child(name);
        Optional<MergedEntry> now = pair.whole().child(name);
        if (now.isPresent()) {
            replace(old, now.get());
        } else if (old.isPresent()) {
            retire(old.get());
            retireBelow(old.get());
        }
    }

    private void replace(Optional<MergedEntry> old, MergedEntry now) {
        boolean merges = old.isPresent() && old.get().isDirectory() && now.isDirectory();
        if (old.isPresent()) {
            retire(old.get());
            if (!merges) {
                retireBelow(old.get());
            }
        }
        delta.add(now.entry(), now.link());
        if (merges) {
            pending.add(new Pair(old.get(), now));
        } else if (now.isDirectory()) {
            new MergedWalk(now).forEach(entry -> delta.add(entry.entry(), entry.link()));
        }
    }

    private void retireBelow(MergedEntry old) {
        new MergedWalk(old).forEach(this::retire);
    }

    private void retire(MergedEntry old) {
        if (old.linkedPaths().size() < 2) {
            delta.subtract(old.entry(), RawPath.EMPTY);
        } else {
            touched.add(old.group().orElseThrow());
        }
    }

    private void settle() {
        for (LayerStack.LinkGroup group : touched) {
            List<RawPath> before = below.linkedPaths(group);
            for (RawPath path : before) {
                delta.subtract(below.find(path).orElseThrow().entry(), MergedEntry.linkOf(before));
            }
            List<RawPath> after = whole.linkedPaths(new LayerStack.LinkGroup(group.place() + 1, group.number()));
            for (RawPath path : after) {
                delta.add(whole.find(path).orElseThrow().entry(), MergedEntry.linkOf(after));
            }
        }
    }

    /** The first whiteout of the layer that hides nothing: overlayfs may show it as a name that cannot be opened. */
    static Optional<RawPath> idleWhiteout(LayerStack below, Manifest layer) {
        for (int index = 0; index < layer.count(); index++) {
            if (layer.isWhiteout(index) && !hides(below, layer, layer.path(index))) {
                return Optional.of(layer.path(index));
            }
        }
        return Optional.empty();
    }

    private static boolean hides(LayerStack below, Manifest layer, RawPath path) {
        for (RawPath parent = path.parent(); !parent.isEmpty(); parent = parent.parent()) {
            if (layer.isOpaque(layer.find(parent))) {
                return false;
            }
        }
        return below.find(path).isPresent();
    }
}
