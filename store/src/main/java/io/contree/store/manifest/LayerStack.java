package io.contree.store.manifest;

import io.contree.linux.RawPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stack of layers as overlayfs merges it, read from manifests: a look-up goes from the top down and ends at a whiteout, at
 * anything that is not a directory, and below an opaque directory. Used by one thread.
 */
public final class LayerStack {
    private final List<Manifest> layers;
    private final Map<LinkGroup, List<RawPath>> linkedPaths = new HashMap<>();

    /** The hard-link group of a number in the layer at a place. */
    public record LinkGroup(int place, int number) {}

    /** @param layers the uppermost first */
    public LayerStack(List<Manifest> layers) {
        this.layers = List.copyOf(layers);
    }

    /** A layer by its place, 0 on top. */
    public Manifest layer(int place) {
        return layers.get(place);
    }

    public int depth() {
        return layers.size();
    }

    public MergedEntry root() {
        List<MergedEntry.Part> parts = new ArrayList<>(layers.size());
        for (int place = 0; place < layers.size(); place++) {
            parts.add(new MergedEntry.Part(place, 0));
        }
        return new MergedEntry(this, RawPath.EMPTY, parts);
    }

    /** The visible paths of a group in order; looked up once, since a file may have tens of thousands of names. */
    public List<RawPath> linkedPaths(LinkGroup group) {
        return linkedPaths.computeIfAbsent(group, this::findLinkedPaths);
    }

    private List<RawPath> findLinkedPaths(LinkGroup group) {
        Manifest manifest = layer(group.place());
        List<RawPath> visible = new ArrayList<>();
        for (int member : manifest.members(group.number())) {
            RawPath path = manifest.path(member);
            if (find(path).filter(found -> found.place() == group.place()).isPresent()) {
                visible.add(path);
            }
        }
        return List.copyOf(visible);
    }

    /** All files that have several names in their layer, whether or not these are visible. */
    public List<LinkGroup> groups() {
        List<LinkGroup> groups = new ArrayList<>();
        for (int place = 0; place < layers.size(); place++) {
            for (int number = 1; number <= layer(place).groups(); number++) {
                groups.add(new LinkGroup(place, number));
            }
        }
        return groups;
    }

    /** What is visible at a path; links in it are not followed. */
    public Optional<MergedEntry> find(RawPath path) {
        Optional<MergedEntry> entry = Optional.of(root());
        for (String name : path.names()) {
            if (entry.isEmpty()) {
                return entry;
            }
            entry = entry.get().child(name);
        }
        return entry;
    }
}
