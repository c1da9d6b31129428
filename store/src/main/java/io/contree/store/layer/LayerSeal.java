package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.disk.Layout;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.ManifestWriter;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.StateDelta;
import io.contree.store.state.StateSums;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the upper directory of an overlay into a layer: compares it with the state below entry by entry, removes from disk
 * what is equal there, writes the manifest of what is left, and adds up how the state changed. Contents are read, unless
 * they were just taken from a layer below: size and time say nothing about the bytes. Used once.
 */
public final class LayerSeal implements AutoCloseable {
    private final LayerTree tree;
    private final Layout.LayerDirectory layer;
    private final KnownContents known;
    private final SharedContents shared;
    private final LayerStack below;
    private final NormalForm form;
    private final ManifestWriter manifest;
    private final StateDelta delta = new StateDelta();
    private final RetiredEntries retired;
    private final UpperLinks links;
    private final Deque<SealFrame> frames = new ArrayDeque<>();
    private long changes;
    private long bytes;

    /**
     * What sealing found.
     *
     * @param changes entries that differ from the state below
     * @param bytes size of the regular files in the layer, but for contents that they share with files below
     * @param entries of the manifest
     */
    public record Sealed(StateSums delta, long changes, long bytes, int entries) {}

    private LayerSeal(
            LayerTree tree,
            Layout.LayerDirectory layer,
            LayerStack below,
            ManifestWriter manifest,
            KnownContents known,
            SharedContents shared)
            throws IOException {
        this.tree = tree;
        this.layer = layer;
        this.known = known;
        this.shared = shared;
        this.below = below;
        this.form = new NormalForm(below);
        this.manifest = manifest;
        this.retired = new RetiredEntries(below, delta);
        this.links = UpperLinks.scan(tree);
    }

    /**
     * Seals the tree of a layer directory on top of a stack. Nothing is synced to disk.
     *
     * @param known what needs no reading
     * @param shared takes the contents of large files
     */
    static Sealed seal(
            Layout.LayerDirectory layer,
            LayerStack below,
            StateXattrs xattrs,
            KnownContents known,
            SharedContents shared)
            throws IOException {
        try (LayerTree files = new LayerTree(layer.tree(), xattrs, known);
                ManifestWriter writer = new ManifestWriter(layer.manifest());
                LayerSeal seal = new LayerSeal(files, layer, below, writer, known, shared)) {
            return seal.run();
        }
    }

    /**
     * True if a tree on top of a stack plainly leaves the state as it is: there is nothing in it, and its root is as before. One with
     * something in it may do so too, which only sealing tells.
     */
    public static boolean isUntouched(Path tree, LayerStack below, StateXattrs xattrs) throws LinuxException {
        try (LayerTree files = new LayerTree(tree, xattrs)) {
            Fd root = files.root();
            return FileCalls.list(root).isEmpty()
                    && NormalForm.isUnchangedDirectory(
                            files.entry(root, "", RawPath.EMPTY, FileCalls.stat(root, "")), Optional.of(below.root()));
        }
    }

    private Sealed run() throws IOException {
        enterRoot();
        while (!frames.isEmpty()) {
            Checkpoint.pass();
            SealFrame frame = frames.peek();
            Optional<String> name = frame.next();
            if (name.isEmpty()) {
                leave(frames.pop());
            } else if (frame.isOnDisk(name.get())) {
                visit(frame, name.get());
            } else {
                hide(frame, name.get());
            }
        }
        retired.settle();
        manifest.finish();
        return new Sealed(delta.sums(), changes, bytes, manifest.count());
    }

    private void enterRoot() throws IOException {
        TreeEntry root = tree.entry(tree.root(), "", RawPath.EMPTY, FileCalls.stat(tree.root(), ""));
        enter(root, below.depth() == 0 ? Optional.empty() : Optional.of(below.root()), root.opaque());
        writeDirectories();
    }

    private void visit(SealFrame frame, String name) throws IOException {
        Stat stat = FileCalls.stat(frame.directory(), name);
        if (stat.isWhiteout()) {
            whiteout(frame, name);
        } else if (stat.isDirectory()) {
            directory(frame, name, stat);
        } else {
            file(frame, name, stat);
        }
    }

    private void whiteout(SealFrame frame, String name) throws IOException {
        Optional<MergedEntry> hidden = frame.below(name);
        hidden.ifPresent(this::retireTree);
        if (hidden.isPresent() && !frame.entry().opaque()) {
            write(TreeEntry.whiteout(frame.path().child(name)));
        } else {
            unlink(frame, name);
        }
    }

    /** A name that is gone because the directory hid everything: it gets a whiteout unless that is opaque. */
    private void hide(SealFrame frame, String name) throws IOException {
        Optional<MergedEntry> hidden = frame.below(name);
        hidden.ifPresent(this::retireTree);
        if (hidden.isPresent() && !frame.entry().opaque()) {
            FileCalls.makeNode(frame.directory(), name, Stat.CHARACTER_DEVICE, 0, 0);
            frame.setTouched();
            write(TreeEntry.whiteout(frame.path().child(name)));
        }
    }

    private void retireTree(MergedEntry entry) {
        changes += 1 + retired.retireBelow(entry);
        retired.retire(entry);
    }

    private void directory(SealFrame frame, String name, Stat stat) throws IOException {
        TreeEntry entry = tree.entry(frame.directory(), name, frame.path().child(name), stat);
        frame.release();
        Optional<MergedEntry> old = frame.below(name);
        if (old.isPresent() && !old.get().isDirectory()) {
            retired.retire(old.get());
            old = Optional.empty();
        }
        enter(entry, old, entry.opaque() || frame.hides());
    }

    /**
     * @param old the directory that the state below has there
     * @param hides whether the layer, as it is on disk now, hides what is in {@code old}
     */
    private void enter(TreeEntry entry, Optional<MergedEntry> old, boolean hides) throws IOException {
        Set<String> names = new HashSet<>();
        NormalForm.Hiding hiding = NormalForm.Hiding.NOTHING;
        try (Fd directory = tree.directory(entry.path())) {
            FileCalls.list(directory).forEach(listed -> names.add(listed.name()));
            if (hides) {
                hiding = NormalForm.hidingAll(entry.path(), old, names);
            }
            if (hiding.opaque() != entry.opaque()) {
                mark(directory, hiding.opaque());
            }
        }
        frames.push(new SealFrame(tree, entry.withOpaque(hiding.opaque()), old, hides, names, hiding.gone()));
        if (compare(entry, old) || hiding.opaque() || form.isFromSkeleton(old)) {
            writeDirectories();
        }
    }

    private static void mark(Fd directory, boolean opaque) throws LinuxException {
        if (opaque) {
            FileCalls.setXattr(directory, "", StateXattrs.OPAQUE, StateXattrs.opaqueValue());
        } else {
            FileCalls.removeXattr(directory, "", StateXattrs.OPAQUE);
        }
    }

    /** Counts a directory that is new or has other attributes than the old one; true if it did. */
    private boolean compare(TreeEntry entry, Optional<MergedEntry> old) {
        if (NormalForm.isUnchangedDirectory(entry, old)) {
            return false;
        }
        old.ifPresent(retired::retire);
        delta.add(entry, RawPath.EMPTY);
        changes++;
        return true;
    }

    private void file(SealFrame frame, String name, Stat stat) throws IOException {
        Optional<UpperLinks.LinkedFile> linked = links.of(stat);
        if (linked.isPresent()) {
            linkedFile(frame, name, stat, linked.get());
            return;
        }
        TreeEntry entry = read(frame, name, stat);
        Optional<MergedEntry> old = frame.below(name);
        boolean same = NormalForm.isUnchangedFile(entry, old);
        if (same && form.isFromSkeleton(old)) {
            write(entry);
        } else if (same) {
            unlink(frame, name);
        } else {
            bytes += known.isShared(stat) ? 0 : entry.size();
            keep(frame, name, entry, RawPath.EMPTY);
            shareContent(frame, name, entry);
        }
    }

    /** Leaves a stub in place of a large file where the disk cannot share blocks, so that its next copy costs nothing. */
    private void shareContent(SealFrame frame, String name, TreeEntry entry) throws IOException {
        if (shared.takes(entry)
                && SharedContents.contentOf(FileCalls.xattrs(frame.directory(), name))
                        .isEmpty()) {
            shared.take(frame.directory(), name, entry, layer);
            EntryAttributes.apply(entry, frame.directory(), name);
            frame.setTouched();
        }
    }

    /** One name of several: they are dropped together or not at all, since dropping some would break the link. */
    private void linkedFile(SealFrame frame, String name, Stat stat, UpperLinks.LinkedFile file) throws IOException {
        if (file.first().isEmpty()) {
            TreeEntry entry = read(frame, name, stat);
            boolean same = form.isUnchangedFile(entry, file.paths());
            links.decide(file, entry, same);
            bytes += same || known.isShared(stat) ? 0 : entry.size();
        }
        if (file.isDropped()) {
            unlink(frame, name);
        } else {
            TreeEntry entry = file.first().orElseThrow().named(frame.path().child(name), file.number());
            keep(frame, name, entry, file.paths().getFirst());
        }
    }

    private TreeEntry read(SealFrame frame, String name, Stat stat) throws LinuxException {
        return tree.entry(frame.directory(), name, frame.path().child(name), stat);
    }

    private void keep(SealFrame frame, String name, TreeEntry entry, RawPath link) throws IOException {
        Optional<MergedEntry> old = frame.below(name);
        if (old.isPresent()) {
            changes += retired.retireBelow(old.get());
            retired.retire(old.get());
        }
        delta.add(entry, link);
        changes++;
        write(entry);
    }

    private void unlink(SealFrame frame, String name) throws LinuxException {
        FileCalls.unlink(frame.directory(), name, false);
        frame.setTouched();
    }

    private void write(TreeEntry entry) throws IOException {
        writeDirectories();
        manifest.add(entry);
    }

    /** Writes the directories that the walk is in: they stay, since something in them does. */
    private void writeDirectories() throws IOException {
        Iterator<SealFrame> fromRoot = frames.descendingIterator();
        while (fromRoot.hasNext()) {
            SealFrame frame = fromRoot.next();
            if (!frame.isWritten()) {
                manifest.add(frame.entry());
                frame.setWritten();
            }
        }
    }

    private void leave(SealFrame frame) throws LinuxException {
        frame.release();
        SealFrame parent = frames.peek();
        if (parent == null) {
            FileCalls.setTimes(tree.root(), "", frame.entry().mtimeNanos());
            return;
        }
        String name = frame.path().name();
        if (!frame.isWritten()) {
            FileCalls.unlink(parent.directory(), name, true);
            parent.setTouched();
        } else if (frame.isTouched()) {
            FileCalls.setTimes(parent.directory(), name, frame.entry().mtimeNanos());
        }
    }

    @Override
    public void close() {
        frames.forEach(SealFrame::release);
    }
}
