package io.contree.store;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;

/** The files of a layer that nobody else writes to: opens and reads them without following a link. Used by one thread. */
final class LayerTree implements AutoCloseable {
    private static final long INSIDE = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    private final Fd root;
    private final StateXattrs stateXattrs;
    private final ContentHash contentHash = new ContentHash();

    LayerTree(Path tree, StateXattrs stateXattrs) throws LinuxException {
        this.root = FileCalls.open(
                Fd.CWD, RawPath.fromText(tree.toString()), FileCalls.READ | FileCalls.DIRECTORY, 0, 0);
        this.stateXattrs = stateXattrs;
    }

    Fd root() {
        return root;
    }

    /** Opens a directory of the tree, the root for an empty path. */
    Fd directory(String path) throws LinuxException {
        return FileCalls.open(
                root, path.isEmpty() ? "." : path, FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW, 0, INSIDE);
    }

    /** Opens a regular file of the tree for reading; the caller knows that it is one. */
    Fd file(Fd directory, String name) throws LinuxException {
        return FileCalls.open(directory, name, FileCalls.READ | FileCalls.NO_FOLLOW, 0, INSIDE);
    }

    /** Hash of a regular file's content. */
    byte[] sha256(Fd directory, String name, long size) throws LinuxException {
        try (Fd file = file(directory, name)) {
            return contentHash.of(file, size);
        }
    }

    /**
     * The entry of a file that is no whiteout.
     *
     * @param sha256 of a regular file's content, else empty
     * @param group number of its hard-link group, 0 for none
     */
    TreeEntry entry(Fd directory, String name, String path, Stat stat, byte[] sha256, int group) throws LinuxException {
        boolean device = stat.type() == Stat.CHARACTER_DEVICE || stat.type() == Stat.BLOCK_DEVICE;
        return new TreeEntry(
                path,
                stat.mode(),
                false,
                stat.uid(),
                stat.gid(),
                stat.mtimeNanos(),
                stat.isRegular() ? stat.size() : 0,
                sha256,
                stat.isSymlink() ? FileCalls.readLink(directory, name) : "",
                group,
                device ? stat.rdevMajor() : 0,
                device ? stat.rdevMinor() : 0,
                xattrs(directory, name));
    }

    /** What of the extended attributes is part of the state; what overlayfs keeps for itself is removed from disk. */
    private SortedMap<String, byte[]> xattrs(Fd directory, String name) throws LinuxException {
        Map<String, byte[]> all = FileCalls.xattrs(directory, name);
        for (String xattr : all.keySet()) {
            if (xattr.startsWith(StateXattrs.OVERLAY_PREFIX) && !xattr.equals(StateXattrs.OPAQUE)) {
                FileCalls.removeXattr(directory, name, xattr);
            }
        }
        return stateXattrs.normalise(all);
    }

    /** True if a directory hides what lower layers have in it. */
    static boolean isOpaque(Fd directory, String name) throws LinuxException {
        byte[] value = FileCalls.xattrs(directory, name).get(StateXattrs.OPAQUE);
        return value != null && value.length == 1 && value[0] == StateXattrs.OPAQUE_VALUE[0];
    }

    @Override
    public void close() {
        root.close();
    }
}
