package io.contree.store.layer;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.StoreException;
import io.contree.store.dedup.EqualContents;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.LayerSums;
import io.contree.store.manifest.ManifestFormat;
import io.contree.store.manifest.Manifests;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.manifest.StackSums;
import io.contree.store.state.StateSums;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import io.contree.store.stream.WatchedStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a layer as the upper directory of an overlay would look, and seals it as one. */
public final class TreeLayerWriter implements LayerWriter {
    /** With this much left, a disk is not full. */
    private static final long ROOM = 1 << 20;

    private final StackSums sums;
    private final StateXattrs xattrs;
    private final List<LayerId> parents;
    private final LayerStack below;
    private final EqualContents equal;
    private final LayerDraft draft;
    private final LayerTree tree;
    private final DraftDirectories directories;
    private final FileCopies copies;
    private final CopyUp copyUp;
    private final HoleWriter contents = new HoleWriter();
    /** Set at the end, since every new child changes them. */
    private final Map<RawPath, Long> directoryTimes = new HashMap<>();

    private long bytes;

    private TreeLayerWriter(
            Layout layout,
            Manifests manifests,
            StackSums sums,
            StateXattrs xattrs,
            EqualContents equal,
            List<LayerId> parents,
            LayerDraft draft)
            throws IOException {
        this.sums = sums;
        this.xattrs = xattrs;
        this.equal = equal;
        this.parents = parents;
        this.below = manifests.stack(parents);
        this.draft = draft;
        Files.createDirectory(draft.tree());
        this.tree = new LayerTree(draft.tree(), xattrs);
        this.directories = new DraftDirectories(tree, below, directoryTimes);
        this.copies = new FileCopies(layout, parents, draft);
        this.copyUp = new CopyUp(below, tree, directories, copies);
    }

    public static TreeLayerWriter open(
            Layout layout,
            SharedContents contents,
            Manifests manifests,
            Pins pins,
            StackSums sums,
            StateXattrs xattrs,
            EqualContents equal,
            List<LayerId> parents)
            throws IOException {
        LayerDraft draft = new LayerDraft(layout, contents, pins, parents);
        TreeLayerWriter writer;
        try {
            writer = new TreeLayerWriter(layout, manifests, sums, xattrs, equal, parents, draft);
        } catch (IOException | RuntimeException e) {
            draft.close();
            throw e;
        }
        try {
            TreeEntry root = writer.below.root().entry();
            EntryAttributes.apply(root, writer.tree.root(), "");
            writer.directoryTimes.put(RawPath.EMPTY, root.mtimeNanos());
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    @Override
    public void directory(RawPath listed, Attributes attributes) {
        RawPath path = ListedPath.normalise(listed);
        writing(listed, () -> {
            if (path.isEmpty()) {
                apply(listed, attributes, tree.root(), "", true);
            } else {
                Fd parent = directories.parentOf(path);
                directories.makeOver(parent, path);
                apply(listed, attributes, parent, path.name(), true);
            }
            directoryTimes.put(path, attributes.mtimeNanos());
        });
    }

    @Override
    public void file(RawPath listed, Attributes attributes, InputStream content) throws IOException {
        RawPath path = ListedPath.normalise(listed);
        String name = path.name();
        WatchedStream source = new WatchedStream(content);
        try {
            Fd parent = cleared(listed, path);
            int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE | FileCalls.NO_FOLLOW;
            try (Fd file = FileCalls.open(parent, name, flags, 0600, FileCalls.RESOLVE_BENEATH)) {
                bytes += contents.write(file, source);
                apply(listed, attributes, file, "", true);
                FileCalls.setTimes(file, "", attributes.mtimeNanos());
            }
        } catch (IOException e) {
            if (source.failedWith(e)) {
                throw e;
            }
            throw failed(listed, e);
        }
    }

    @Override
    public void symlink(RawPath listed, RawPath target, Attributes attributes) {
        RawPath path = ListedPath.normalise(listed);
        if (target.isEmpty()
                || target.length() > ManifestFormat.MAX_PATH
                || target.raw().indexOf('\0') >= 0) {
            throw ListedPath.invalid(listed, "its target needs 1 to " + ManifestFormat.MAX_PATH + " bytes, no NUL");
        }
        writing(listed, () -> {
            Fd parent = cleared(listed, path);
            FileCalls.makeSymlink(target.raw(), parent, path.name());
            apply(listed, attributes, parent, path.name(), false);
            FileCalls.setTimes(parent, path.name(), attributes.mtimeNanos());
        });
    }

    @Override
    public void node(RawPath listed, NodeType type, int major, int minor, Attributes attributes) {
        RawPath path = ListedPath.normalise(listed);
        if (type == NodeType.CHARACTER_DEVICE && major == 0 && minor == 0) {
            throw ListedPath.invalid(listed, "overlayfs takes a character device 0:0 for a deleted file");
        }
        if ((major & ~0xfff) != 0 || (minor & ~0xf_ffff) != 0) {
            throw ListedPath.invalid(listed, "device " + major + ":" + minor + " is out of range: 4095:1048575");
        }
        int format = switch (type) {
            case FIFO -> Stat.FIFO;
            case CHARACTER_DEVICE -> Stat.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> Stat.BLOCK_DEVICE;
        };
        boolean numbered = type != NodeType.FIFO;
        writing(listed, () -> {
            Fd parent = cleared(listed, path);
            String name = path.name();
            FileCalls.makeNode(parent, name, format | 0600, numbered ? major : 0, numbered ? minor : 0);
            apply(listed, attributes, parent, name, true);
            FileCalls.setTimes(parent, name, attributes.mtimeNanos());
        });
    }

    @Override
    public void hardLink(RawPath listed, RawPath listedTarget) {
        RawPath path = ListedPath.normalise(listed);
        RawPath target = ListedPath.normalise(listedTarget);
        writing(listed, () -> {
            requireFile(listed, target);
            if (path.equals(target)) {
                return;
            }
            Fd parent = cleared(listed, path);
            if (Shadow.of(tree, target) != Shadow.SHOWN) {
                throw ListedPath.invalid(listed, "it replaces its own target");
            }
            try (Fd source = tree.directory(target.parent())) {
                FileCalls.link(source, target.name(), parent, path.name());
            }
        });
    }

    /** Makes sure that a hard link's target is in this layer, with all its names, so that they stay one file. */
    private void requireFile(RawPath listed, RawPath target) throws IOException {
        Shadow shadow = target.isEmpty() ? Shadow.HIDDEN : Shadow.of(tree, target);
        Optional<MergedEntry> lower = shadow == Shadow.THROUGH ? below.find(target) : Optional.empty();
        if (lower.isPresent() && !lower.get().isDirectory()) {
            copyUp.copyUp(lower.get());
        } else if (shadow != Shadow.SHOWN || isDirectory(target)) {
            throw ListedPath.invalid(listed, "it is a hard link to something that is not a file in the image");
        }
    }

    private boolean isDirectory(RawPath path) throws LinuxException {
        try (Fd parent = tree.directory(path.parent())) {
            return FileCalls.stat(parent, path.name()).isDirectory();
        }
    }

    @Override
    public void whiteout(RawPath listed) {
        RawPath path = ListedPath.normalise(listed);
        if (path.isEmpty()) {
            throw ListedPath.invalid(listed, "the root cannot be deleted");
        }
        writing(listed, () -> {
            Fd parent = directories.parentOf(path);
            String name = path.name();
            Optional<Stat> present = FileCalls.statIfPresent(parent, name);
            if (present.isEmpty()) {
                FileCalls.makeNode(parent, name, Stat.CHARACTER_DEVICE, 0, 0);
            } else if (present.get().isDirectory()) {
                DraftDirectories.markOpaque(parent, name);
            }
        });
    }

    @Override
    public void opaque(RawPath listed) {
        RawPath path = ListedPath.normalise(listed);
        writing(listed, () -> {
            if (path.isEmpty()) {
                DraftDirectories.markOpaque(tree.root(), "");
            } else {
                Fd parent = directories.parentOf(path.child("child"));
                DraftDirectories.markOpaque(parent, "");
            }
        });
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public LayerId finish() {
        try {
            copyUp.copyUpTorn();
            setDirectoryTimes();
            LayerSeal.Sealed sealed = draft.seal(below, xattrs);
            StateSums whole = sums.of(parents).plus(sealed.delta());
            draft.publish(new LayerSums(LayerDraft.plus(parents, draft.id()), whole), sealed, equal);
            return draft.id();
        } catch (IOException e) {
            throw IoFailure.of("finish a layer", e);
        }
    }

    private void setDirectoryTimes() throws LinuxException {
        for (Map.Entry<RawPath, Long> time : directoryTimes.entrySet()) {
            Optional<Fd> found = tree.directoryIfPresent(time.getKey());
            if (found.isPresent()) {
                try (Fd directory = found.get()) {
                    FileCalls.setTimes(directory, "", time.getValue());
                }
            }
        }
    }

    /** Removes what this layer has at a path and opens its parent. */
    private Fd cleared(RawPath listed, RawPath path) throws LinuxException {
        if (path.isEmpty()) {
            throw ListedPath.invalid(listed, "the root must be a directory");
        }
        Fd parent = directories.parentOf(path);
        directories.clear(parent, path);
        return parent;
    }

    private void apply(RawPath listed, Attributes attributes, Fd directory, String name, boolean chmod)
            throws LinuxException {
        FileCalls.chown(directory, name, attributes.uid(), attributes.gid());
        if (chmod) {
            FileCalls.chmod(directory, name, attributes.mode());
        }
        EntryAttributes.removeXattrs(directory, name, attributes.xattrs().keySet());
        for (Map.Entry<String, byte[]> xattr : attributes.xattrs().entrySet()) {
            if (StateXattrs.isPartOfState(xattr.getKey())) {
                setXattr(listed, directory, name, xattr.getKey(), xattr.getValue());
            }
        }
    }

    private void setXattr(RawPath listed, Fd directory, String name, String xattr, byte[] value) throws LinuxException {
        try {
            FileCalls.setXattr(directory, name, xattr, value);
        } catch (LinuxException e) {
            boolean tooBig = switch (e.errno()) {
                case E2BIG, ERANGE -> true;
                // ext4 says the same for an attribute that does not fit into its block as for a full disk.
                case ENOSPC -> hasRoom(value.length);
                default -> false;
            };
            if (tooBig) {
                throw ListedPath.invalid(
                        listed,
                        "its attribute " + RawPath.toText(xattr) + " of " + value.length
                                + " bytes is too big for the file system of the data directory, added to the others;"
                                + " XFS takes up to 65536");
            }
            throw e;
        }
    }

    private boolean hasRoom(int bytes) {
        try {
            return Files.getFileStore(draft.tree()).getUsableSpace() > bytes + ROOM;
        } catch (IOException e) {
            return false;
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void writing(RawPath listed, Writing work) {
        try {
            work.run();
        } catch (IOException e) {
            throw failed(listed, e);
        }
    }

    private static StoreException failed(RawPath listed, IOException e) {
        if (e instanceof LinuxException linux && isFault(linux.errno())) {
            return ListedPath.invalid(listed, words(linux));
        }
        return IoFailure.of("write the entry \"" + listed + "\"", e);
    }

    private static String words(LinuxException e) {
        String disk = " the file system of the data directory ";
        return switch (e.errno()) {
            case EMLINK -> "it has more names than" + disk + "lets a file have";
            case EFBIG -> "it is larger than" + disk + "lets a file be";
            case ENAMETOOLONG -> "a name in it is longer than" + disk + "allows";
            case EOPNOTSUPP -> "it has something that" + disk + "does not support: " + IoFailure.reason(e);
            default -> IoFailure.reason(e);
        };
    }

    /** What the kernel answers to an impossible entry, such as one with an xattr that it does not support. */
    private static boolean isFault(Errno errno) {
        return switch (errno) {
            case EINVAL, EOPNOTSUPP, E2BIG, EFBIG, ERANGE, EPERM, ENAMETOOLONG, EMLINK, ELOOP, ENOTDIR -> true;
            default -> false;
        };
    }

    @Override
    public void close() {
        directories.close();
        copies.close();
        tree.close();
        draft.close();
    }
}
