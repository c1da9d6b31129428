package io.contree.store.manifest;

import io.contree.linux.RawPath;
import io.contree.store.state.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a stack shows at one path: one entry or, for a directory, those of all layers that it is merged from. */
public final class MergedEntry {
    private final LayerStack stack;
    private final RawPath path;
    private final List<Part> parts;

    /** An entry of the layer at a place of the stack, 0 on top. */
    public record Part(int place, int index) {}

    /** @param parts the uppermost first, at least one */
    public MergedEntry(LayerStack stack, RawPath path, List<Part> parts) {
        this.stack = stack;
        this.path = path;
        this.parts = parts;
    }

    public RawPath path() {
        return path;
    }

    /** The entries that this is made of, the uppermost first. */
    public List<Part> parts() {
        return parts;
    }

    private Part top() {
        return parts.getFirst();
    }

    private Manifest manifest(Part part) {
        return stack.layer(part.place());
    }

    public int place() {
        return top().place();
    }

    /** Its attributes: those of the uppermost layer. */
    public TreeEntry entry() {
        return manifest(top()).entry(top().index());
    }

    public boolean isDirectory() {
        return manifest(top()).isDirectory(top().index());
    }

    /** What is visible under a name in this directory; nothing if this is not a directory. */
    public Optional<MergedEntry> child(String name) {
        RawPath childPath = path.child(name);
        List<Part> found = new ArrayList<>(2);
        for (Part part : parts) {
            Manifest manifest = manifest(part);
            int index = manifest.isDirectory(part.index()) ? manifest.find(childPath) : -1;
            if (index < 0) {
                continue;
            }
            boolean directory = manifest.isDirectory(index);
            if (!directory && (!found.isEmpty() || manifest.isWhiteout(index))) {
                break;
            }
            found.add(new Part(part.place(), index));
            if (!directory || manifest.isOpaque(index)) {
                break;
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(new MergedEntry(stack, childPath, found));
    }

    /** What is visible in this directory, by name. */
    public List<MergedEntry> children() {
        List<MergedEntry> children = new ArrayList<>();
        for (String name : names()) {
            child(name).ifPresent(children::add);
        }
        return children;
    }

    /** The names that its layers have in this directory, hidden ones included. */
    public SortedSet<String> names() {
        return names(parts);
    }

    /** The names that some of its {@link #parts} have, whiteouts among them. */
    public SortedSet<String> names(List<Part> among) {
        SortedSet<String> names = new TreeSet<>();
        for (Part part : among) {
            Manifest manifest = manifest(part);
            if (!manifest.isDirectory(part.index())) {
                continue;
            }
            int end = manifest.subtreeEnd(part.index());
            for (int index = part.index() + 1; index < end; index = manifest.subtreeEnd(index)) {
                names.add(manifest.path(index).name());
            }
        }
        return names;
    }

    /** The group of all names of this file, hidden ones included; empty for an entry that always had one name. */
    public Optional<LayerStack.LinkGroup> group() {
        int number = manifest(top()).group(top().index());
        return number == 0 ? Optional.empty() : Optional.of(new LayerStack.LinkGroup(place(), number));
    }

    /** The visible names of this file, in order: at least its own path. */
    public List<RawPath> linkedPaths() {
        return group().map(stack::linkedPaths).orElse(List.of(path));
    }

    /** What goes into this entry's hash for its hard links. */
    public RawPath link() {
        return linkOf(linkedPaths());
    }

    public static RawPath linkOf(List<RawPath> linkedPaths) {
        return linkedPaths.size() < 2 ? RawPath.EMPTY : linkedPaths.getFirst();
    }
}
