package io.contree.store;

import io.contree.linux.Stat;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SortedMap;

/**
 * One entry of a layer, as its manifest has it.
 *
 * @param path raw, without a leading slash; empty for the root
 * @param mode full st_mode; that of a whiteout is a character device
 * @param opaque a directory that hides what is below it in lower layers
 * @param mtimeNanos part of the state for regular files only
 * @param size of a regular file, else 0
 * @param sha256 {@link ContentHash} of a regular file, else empty
 * @param target of a symbolic link, else empty
 * @param group entries of one layer with the same number above 0 are names of one file
 * @param xattrs those that are part of a state, normalised
 */
record TreeEntry(
        String path,
        int mode,
        boolean opaque,
        int uid,
        int gid,
        long mtimeNanos,
        long size,
        byte[] sha256,
        String target,
        int group,
        int rdevMajor,
        int rdevMinor,
        SortedMap<String, byte[]> xattrs) {
    static final byte[] NO_CONTENT = new byte[0];

    /** The order of manifests: by components, that is by bytes with {@code /} before all others. */
    static final Comparator<String> ORDER = TreeEntry::compare;

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
    static int rank(int unsignedByte) {
        return unsignedByte == '/' ? 0 : unsignedByte;
    }

    int type() {
        return mode & Stat.TYPE_MASK;
    }

    boolean isDirectory() {
        return type() == Stat.DIRECTORY;
    }

    boolean isRegular() {
        return type() == Stat.REGULAR;
    }

    boolean isWhiteout() {
        return type() == Stat.CHARACTER_DEVICE && rdevMajor == 0 && rdevMinor == 0;
    }

    /** True if both are the same in a state, hard links aside. */
    boolean sameAs(TreeEntry other) {
        return mode == other.mode
                && uid == other.uid
                && gid == other.gid
                && size == other.size
                && (!isRegular() || mtimeNanos == other.mtimeNanos)
                && rdevMajor == other.rdevMajor
                && rdevMinor == other.rdevMinor
                && target.equals(other.target)
                && Arrays.equals(sha256, other.sha256)
                && sameXattrs(other);
    }

    private boolean sameXattrs(TreeEntry other) {
        return xattrs.keySet().equals(other.xattrs.keySet())
                && xattrs.entrySet().stream()
                        .allMatch(xattr -> Arrays.equals(xattr.getValue(), other.xattrs.get(xattr.getKey())));
    }

    static String join(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }
}
