package io.contree.store.layer;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.disk.SharedContents;
import io.contree.store.state.ContentHash;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files of a layer that nobody else writes to, opened and read without following links. Used by one thread. */
final class LayerTree implements AutoCloseable {
    private static final long INSIDE = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    /** Notes that overlayfs reads in an upper layer only: they stay, since to remove one changes the time of the last change. */
    static final Set<String> MEANINGLESS =
            Set.of("trusted.overlay.origin", "trusted.overlay.impure", "trusted.overlay.nlink", "trusted.overlay.uuid");

    private final Fd root;
    private final StateXattrs stateXattrs;
    private final KnownContents known;
    private final ContentHash contentHash = new ContentHash();

    LayerTree(Path tree, StateXattrs stateXattrs) throws LinuxException {
        this(tree, stateXattrs, new KnownContents());
    }

    /** @param known what need not be read */
    LayerTree(Path tree, StateXattrs stateXattrs, KnownContents known) throws LinuxException {
        this.root = FileCalls.open(tree, FileCalls.READ | FileCalls.DIRECTORY);
        this.stateXattrs = stateXattrs;
        this.known = known;
    }

    Fd root() {
        return root;
    }

    /** Opens a directory of the tree, the root for an empty path. */
    Fd directory(RawPath path) throws LinuxException {
        return FileCalls.open(
                root,
                path.isEmpty() ? "." : path.raw(),
                FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW,
                0,
                INSIDE);
    }

    /** As {@link #directory}; empty if it is gone. */
    Optional<Fd> directoryIfPresent(RawPath path) throws LinuxException {
        try {
            return Optional.of(directory(path));
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Opens a regular file of the tree for reading; the caller knows that it is one. */
    Fd file(Fd directory, String name) throws LinuxException {
        return FileCalls.open(directory, name, FileCalls.READ | FileCalls.NO_FOLLOW, 0, INSIDE);
    }

    private Optional<Digest> content(Fd directory, String name, Stat stat) throws LinuxException {
        if (!stat.isRegular()) {
            return Optional.empty();
        }
        Optional<Digest> content = known.of(stat).map(KnownContents.Content::digest);
        if (content.isEmpty() && stat.size() >= SharedContents.SMALLEST) {
            content = SharedContents.contentOf(FileCalls.xattrs(directory, name));
        }
        if (content.isPresent()) {
            return content;
        }
        try (Fd file = file(directory, name)) {
            return Optional.of(contentHash.of(file, stat.size()));
        }
    }

    /**
     * The entry of a file that is not a whiteout, without its hard-link group; overlayfs's notes on it are removed from
     * disk, except for opaqueness.
     */
    TreeEntry entry(Fd directory, String name, RawPath path, Stat stat) throws LinuxException {
        return entry(directory, name, path, stat, content(directory, name, stat));
    }

    /** As {@link #entry(Fd, String, RawPath, Stat)}, of a file whose content is known. */
    TreeEntry entry(Fd directory, String name, RawPath path, Stat stat, Optional<Digest> content)
            throws LinuxException {
        boolean device = stat.type() == Stat.CHARACTER_DEVICE || stat.type() == Stat.BLOCK_DEVICE;
        Map<String, byte[]> xattrs = FileCalls.xattrs(directory, name);
        boolean opaque = stat.isDirectory() && isOpaque(xattrs);
        removeOverlayXattrs(directory, name, xattrs.keySet(), stat, opaque);
        return new TreeEntry(
                path,
                stat.mode(),
                opaque,
                stat.uid(),
                stat.gid(),
                stat.mtimeNanos(),
                stat.isRegular() ? stat.size() : 0,
                content,
                stat.isSymlink() ? FileCalls.readLink(directory, name) : RawPath.EMPTY,
                0,
                device ? stat.rdevMajor() : 0,
                device ? stat.rdevMinor() : 0,
                stateXattrs.normalise(xattrs));
    }

    /** Overlayfs leaves notes in an upper layer that mean something else in a lower one. */
    private static void removeOverlayXattrs(Fd directory, String name, Set<String> xattrs, Stat stat, boolean opaque)
            throws LinuxException {
        for (String xattr : xattrs) {
            boolean means = (opaque && xattr.equals(StateXattrs.OPAQUE))
                    || (stat.isRegular() && SharedContents.NOTES.contains(xattr));
            if (xattr.startsWith(StateXattrs.OVERLAY_PREFIX) && !means && !MEANINGLESS.contains(xattr)) {
                FileCalls.removeXattr(directory, name, xattr);
            }
        }
    }

    /** True if these attributes of a directory hide what lower layers have in it. */
    static boolean isOpaque(Map<String, byte[]> xattrs) {
        return Arrays.equals(xattrs.get(StateXattrs.OPAQUE), StateXattrs.opaqueValue());
    }

    @Override
    public void close() {
        root.close();
    }
}
