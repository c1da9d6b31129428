package io.contree.store;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Makes one layer of a run of layers that lie on each other: the same below and above it, without copying a byte. Files are hard
 * links to those of the run, so nothing may ever change them. Used once.
 */
final class LayerMerge implements AutoCloseable {
    private final LayerStack run;
    private final List<LayerTree> sources = new ArrayList<>();
    private final LayerTree target;
    private final ManifestWriter manifest;
    private final Map<LayerStack.LinkGroup, Linked> groups = new HashMap<>();
    private final Deque<Frame> frames = new ArrayDeque<>();

    /** A directory on the way; {@code parts} are those of the run that show through, the uppermost first. */
    private record Frame(TreeEntry entry, MergedEntry directory, Iterator<String> names) {}

    /** A group of hard links in the merged layer: its number and its first name. */
    private record Linked(int number, String path) {}

    /** What the run has at one path: the parts that show through, and whether what is below the run does. */
    private record Found(List<MergedEntry.Part> parts, boolean hides) {}

    private LayerMerge(LayerStack run, LayerTree target, ManifestWriter manifest) {
        this.run = run;
        this.target = target;
        this.manifest = manifest;
    }

    /** Merges layers, the lowest first, into the tree and manifest of a draft; returns how many entries it has. */
    static int merge(Layout layout, Manifests manifests, List<LayerId> layers, LayerDraft draft) throws IOException {
        List<Manifest> topFirst = layers.reversed().stream().map(manifests::of).toList();
        Files.createDirectory(draft.tree());
        try (LayerTree target = new LayerTree(draft.tree(), new StateXattrs(0));
                ManifestWriter writer = new ManifestWriter(draft.manifest());
                LayerMerge merge = new LayerMerge(new LayerStack(topFirst), target, writer)) {
            for (LayerId layer : layers.reversed()) {
                merge.sources.add(new LayerTree(layout.layer(layer).tree(), new StateXattrs(0)));
            }
            merge.walk();
            return writer.count();
        }
    }

    private void walk() throws IOException {
        MergedEntry root = run.root();
        manifest.add(root.entry());
        EntryAttributes.apply(root.entry(), target.root(), "");
        frames.push(new Frame(root.entry(), root, root.names().iterator()));
        while (!frames.isEmpty()) {
            Frame frame = frames.element();
            if (frame.names().hasNext()) {
                try (Fd parent = target.directory(frame.entry().path())) {
                    name(frame.directory(), frame.names().next(), parent);
                }
            } else {
                leave(frames.pop());
            }
        }
        manifest.finish();
    }

    private void name(MergedEntry directory, String name, Fd parent) throws IOException {
        String path = TreeEntry.join(directory.path(), name);
        Found found = find(directory.parts(), path);
        MergedEntry.Part top = found.parts().getFirst();
        TreeEntry entry = run.layer(top.place()).entry(top.index());
        if (entry.isWhiteout()) {
            FileCalls.makeNode(parent, name, Stat.CHARACTER_DEVICE, 0, 0);
            manifest.add(entry);
        } else if (entry.isDirectory()) {
            directory(entry.withOpaque(found.hides()), found.parts(), parent, name);
        } else {
            file(top, entry, parent, name);
        }
    }

    private Found find(List<MergedEntry.Part> directories, String path) {
        List<MergedEntry.Part> parts = new ArrayList<>();
        for (MergedEntry.Part directory : directories) {
            Manifest layer = run.layer(directory.place());
            int index = layer.find(path);
            if (index < 0) {
                continue;
            }
            boolean isDirectory = layer.isDirectory(index);
            if (!isDirectory && !parts.isEmpty()) {
                return new Found(parts, true);
            }
            parts.add(new MergedEntry.Part(directory.place(), index));
            if (!isDirectory || layer.isOpaque(index)) {
                return new Found(parts, true);
            }
        }
        return new Found(parts, false);
    }

    private void directory(TreeEntry entry, List<MergedEntry.Part> parts, Fd parent, String name) throws IOException {
        FileCalls.makeDirectory(parent, name, 0700);
        EntryAttributes.apply(entry, parent, name);
        if (entry.opaque()) {
            DraftDirectories.markOpaque(parent, name);
        }
        manifest.add(entry);
        MergedEntry merged = new MergedEntry(run, entry.path(), parts);
        frames.push(new Frame(entry, merged, merged.names().iterator()));
    }

    private void leave(Frame frame) throws LinuxException {
        try (Fd directory = target.directory(frame.entry().path())) {
            FileCalls.setTimes(directory, "", frame.entry().mtimeNanos());
        }
    }

    private void file(MergedEntry.Part part, TreeEntry entry, Fd parent, String name) throws IOException {
        if (entry.group() == 0) {
            linkFrom(sources.get(part.place()), entry, parent, name);
            manifest.add(entry);
            return;
        }
        var group = new LayerStack.LinkGroup(part.place(), entry.group());
        Linked linked = groups.get(group);
        if (linked == null) {
            linked = new Linked(groups.size() + 1, entry.path());
            groups.put(group, linked);
            linkFrom(sources.get(part.place()), entry, parent, name);
        } else {
            try (Fd first = target.directory(LayerPath.parent(linked.path()))) {
                FileCalls.link(first, LayerPath.name(linked.path()), parent, name);
            }
        }
        manifest.add(entry.named(entry.path(), linked.number()));
    }

    private void linkFrom(LayerTree source, TreeEntry entry, Fd parent, String name) throws LinuxException {
        try (Fd directory = source.directory(LayerPath.parent(entry.path()))) {
            try {
                FileCalls.link(directory, name, parent, name);
            } catch (LinuxException e) {
                if (e.errno() != Errno.EMLINK) {
                    throw e;
                }
                CopyUp.copy(source, entry, parent);
            }
        }
    }

    @Override
    public void close() {
        sources.forEach(LayerTree::close);
    }
}
