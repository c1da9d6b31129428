package io.contree.store.state;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One entry of a layer, as its manifest has it; manifests are in the order of the paths.
 *
 * @param path without a leading slash; empty for the root
 * @param mode full st_mode; that of a whiteout is a character device
 * @param opaque a directory that hides what is below it in lower layers
 * @param mtimeNanos part of the state for regular files only
 * @param size of a regular file, else 0
 * @param content {@link ContentHash} of a regular file
 * @param target of a symbolic link, else empty
 * @param group entries of one layer with the same number above 0 are names of one file
 * @param xattrs those that are part of a state, normalised, with raw values
 */
public record TreeEntry(
        RawPath path,
        int mode,
        boolean opaque,
        int uid,
        int gid,
        long mtimeNanos,
        long size,
        Optional<Digest> content,
        RawPath target,
        int group,
        int rdevMajor,
        int rdevMinor,
        SortedMap<String, String> xattrs) {
    public int type() {
        return mode & Stat.TYPE_MASK;
    }

    public boolean isDirectory() {
        return type() == Stat.DIRECTORY;
    }

    public boolean isRegular() {
        return type() == Stat.REGULAR;
    }

    public boolean isWhiteout() {
        return type() == Stat.CHARACTER_DEVICE && rdevMajor == 0 && rdevMinor == 0;
    }

    /** True if both are the same in a state, hard links aside. */
    public boolean sameAs(TreeEntry other) {
        return mode == other.mode
                && uid == other.uid
                && gid == other.gid
                && size == other.size
                && (!isRegular() || mtimeNanos == other.mtimeNanos)
                && rdevMajor == other.rdevMajor
                && rdevMinor == other.rdevMinor
                && target.equals(other.target)
                && content.equals(other.content)
                && xattrs.equals(other.xattrs);
    }

    public TreeEntry withOpaque(boolean hides) {
        return copy(path, hides, group);
    }

    /** The same file under another of its names. */
    public TreeEntry named(RawPath otherPath, int otherGroup) {
        return copy(otherPath, opaque, otherGroup);
    }

    private TreeEntry copy(RawPath newPath, boolean newOpaque, int newGroup) {
        return new TreeEntry(
                newPath,
                mode,
                newOpaque,
                uid,
                gid,
                mtimeNanos,
                size,
                content,
                target,
                newGroup,
                rdevMajor,
                rdevMinor,
                xattrs);
    }

    /** A whiteout of overlayfs. */
    public static TreeEntry whiteout(RawPath path) {
        SortedMap<String, String> none = Collections.emptySortedMap();
        return new TreeEntry(
                path, Stat.CHARACTER_DEVICE, false, 0, 0, 0, 0, Optional.empty(), RawPath.EMPTY, 0, 0, 0, none);
    }
}
