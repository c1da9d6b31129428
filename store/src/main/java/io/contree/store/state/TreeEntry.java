package io.contree.store.state;

import io.contree.linux.Stat;
import io.contree.store.Digest;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One entry of a layer, as its manifest has it.
 *
 * @param path raw, without a leading slash; empty for the root
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
        String path,
        int mode,
        boolean opaque,
        int uid,
        int gid,
        long mtimeNanos,
        long size,
        Optional<Digest> content,
        String target,
        int group,
        int rdevMajor,
        int rdevMinor,
        SortedMap<String, String> xattrs) {
    /** The order of manifests: by components, that is by bytes with {@code /} before all others. */
    public static final Comparator<String> ORDER = TreeEntry::compare;

    private static int compare(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            int difference = rank(left.charAt(i)) - rank(right.charAt(i));
            if (difference != 0) {
                return difference;
            }
        }
        return left.length() - right.length();
    }

    /** No name holds a NUL, so its place is free for the slash. */
    public static int rank(int unsignedByte) {
        return unsignedByte == '/' ? 0 : unsignedByte;
    }

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
    public TreeEntry named(String otherPath, int otherGroup) {
        return copy(otherPath, opaque, otherGroup);
    }

    private TreeEntry copy(String newPath, boolean newOpaque, int newGroup) {
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
    public static TreeEntry whiteout(String path) {
        SortedMap<String, String> none = Collections.emptySortedMap();
        return new TreeEntry(path, Stat.CHARACTER_DEVICE, false, 0, 0, 0, 0, Optional.empty(), "", 0, 0, 0, none);
    }

    public static String join(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }
}
