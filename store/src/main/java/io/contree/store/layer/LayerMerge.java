package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.ManifestWriter;
import io.contree.store.manifest.Manifests;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Makes one layer of a run of layers that lie on each other: it differs from what lies below the run just as the run does, by
 * the {@link NormalForm} that a commit leaves too. Its files are {@link FileCopies}. Used once.
 */
final class LayerMerge implements AutoCloseable {
    private final LayerStack after;
    private final int run;
    private final NormalForm form;
    private final LayerStack below;
    private final FileCopies copies;
    private final LayerTree target;
    private final ManifestWriter manifest;
    private final Map<LayerStack.LinkGroup, Linked> groups = new HashMap<>();
    private final Deque<MergeFrame> frames = new ArrayDeque<>();
    private int kept;

    /** A file with several names: its number, 0 if the layer leaves it out, and the names that it has on disk. */
    private record Linked(int number, List<RawPath> made) {}

    private LayerMerge(
            LayerStack after, int run, LayerStack below, FileCopies copies, LayerTree target, ManifestWriter manifest) {
        this.after = after;
        this.run = run;
        this.below = below;
        this.form = new NormalForm(below);
        this.copies = copies;
        this.target = target;
        this.manifest = manifest;
    }

    /**
     * Merges layers into the tree and manifest of a draft; returns how many entries it has.
     *
     * @param below what the run lies on, the lowest first
     * @param run the lowest first
     */
    static int merge(Layout layout, Manifests manifests, List<LayerId> below, List<LayerId> run, LayerDraft draft)
            throws IOException {
        List<LayerId> whole = new ArrayList<>(below);
        whole.addAll(run);
        Files.createDirectory(draft.tree());
        try (LayerTree target = new LayerTree(draft.tree(), new StateXattrs(0));
                FileCopies copies = new FileCopies(layout, whole, draft);
                ManifestWriter writer = new ManifestWriter(draft.manifest());
                LayerMerge merge = new LayerMerge(
                        manifests.stack(whole), run.size(), manifests.stack(below), copies, target, writer)) {
            merge.walk();
            return writer.count();
        }
    }

    private void walk() throws IOException {
        enter(after.root(), Optional.of(below.root()));
        EntryAttributes.apply(after.root().entry(), target.root(), "");
        writeDirectories();
        while (!frames.isEmpty()) {
            Checkpoint.pass();
            MergeFrame frame = frames.element();
            if (frame.names().hasNext()) {
                name(frame, frame.names().next());
            } else {
                leave(frames.pop());
            }
        }
        manifest.finish();
    }

    private void name(MergeFrame frame, String name) throws IOException {
        Optional<MergedEntry> now = frame.after(name);
        Optional<MergedEntry> old = frame.below(name);
        if (now.isEmpty()) {
            if (old.isPresent() && !frame.entry().opaque()) {
                whiteout(frame, name);
            }
        } else if (now.get().isDirectory()) {
            frame.release();
            enter(now.get(), old.filter(MergedEntry::isDirectory));
        } else {
            file(frame, name, now.get(), old);
        }
    }

    private void whiteout(MergeFrame frame, String name) throws IOException {
        writeDirectories();
        FileCalls.makeNode(frame.directory(), name, Stat.CHARACTER_DEVICE, 0, 0);
        manifest.add(TreeEntry.whiteout(frame.path().child(name)));
    }

    /** @param old the directory that the state below the run has there */
    private void enter(MergedEntry now, Optional<MergedEntry> old) throws IOException {
        List<MergedEntry.Part> own =
                now.parts().stream().filter(part -> part.place() < run).toList();
        SortedSet<String> names = now.names(own);
        NormalForm.Hiding hiding = NormalForm.Hiding.NOTHING;
        if (old.isPresent() && own.size() == now.parts().size()) {
            names.removeIf(name -> now.child(name).isEmpty());
            hiding = NormalForm.hidingAll(now.path(), old, names);
            names.addAll(hiding.gone());
        }
        TreeEntry entry = now.entry().withOpaque(hiding.opaque());
        frames.push(new MergeFrame(target, entry, now, old, names));
        if (entry.opaque() || !NormalForm.isUnchangedDirectory(entry, old) || form.isFromSkeleton(old)) {
            writeDirectories();
        }
    }

    /** Makes the directories that the walk is in: they are in the layer, since something in them is. */
    private void writeDirectories() throws IOException {
        Optional<MergeFrame> parent = Optional.empty();
        Iterator<MergeFrame> fromRoot = frames.descendingIterator();
        while (fromRoot.hasNext()) {
            MergeFrame frame = fromRoot.next();
            if (!frame.isWritten()) {
                if (parent.isPresent()) {
                    make(parent.get(), frame.entry());
                }
                manifest.add(frame.entry());
                frame.setWritten();
            }
            parent = Optional.of(frame);
        }
    }

    private static void make(MergeFrame parent, TreeEntry entry) throws LinuxException {
        String name = entry.path().name();
        FileCalls.makeDirectory(parent.directory(), name, 0700);
        EntryAttributes.apply(entry, parent.directory(), name);
        if (entry.opaque()) {
            DraftDirectories.markOpaque(parent.directory(), name);
        }
        parent.release();
    }

    private void leave(MergeFrame frame) throws LinuxException {
        if (frame.isWritten()) {
            FileCalls.setTimes(frame.directory(), "", frame.entry().mtimeNanos());
        }
        frame.release();
    }

    private void file(MergeFrame frame, String name, MergedEntry now, Optional<MergedEntry> old) throws IOException {
        if (now.linkedPaths().size() > 1) {
            linkedFile(frame, name, now);
            return;
        }
        TreeEntry entry = now.entry().named(now.path(), 0);
        if (!NormalForm.isUnchangedFile(entry, old) || form.isFromSkeleton(old)) {
            writeDirectories();
            copies.make(now, frame.directory(), name);
            manifest.add(entry);
        }
    }

    private void linkedFile(MergeFrame frame, String name, MergedEntry now) throws IOException {
        LayerStack.LinkGroup group = now.group().orElseThrow();
        Linked linked = groups.get(group);
        if (linked == null) {
            boolean unchanged = form.isUnchangedFile(now.entry(), now.linkedPaths());
            linked = new Linked(unchanged ? 0 : ++kept, new ArrayList<>());
            groups.put(group, linked);
        }
        if (linked.number() == 0) {
            return;
        }
        writeDirectories();
        if (linked.made().isEmpty()) {
            copies.make(now, frame.directory(), name);
        } else {
            RawPath first = linked.made().getFirst();
            try (Fd directory = target.directory(first.parent())) {
                FileCalls.link(directory, first.name(), frame.directory(), name);
            }
        }
        linked.made().add(now.path());
        manifest.add(now.entry().named(now.path(), linked.number()));
    }

    @Override
    public void close() {
        frames.forEach(MergeFrame::release);
    }
}
