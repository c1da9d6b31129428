package io.contree.testkit;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One file of a {@link TreeSnapshot}.
 *
 * @param mode type and permission bits
 * @param mtimeNanos of last modification
 * @param in bytes; 0 for anything but a regular file
 * @param content SHA-256 of a regular file or the raw target of a link, else empty
 * @param linkGroup the first path (by bytes) of the hard links to this file, or empty
 * @param device {@code major:minor} of a device, else empty
 * @param xattrs by raw name, the values in hexadecimal
 */
public record SnapshotEntry(
        int mode,
        int uid,
        int gid,
        long mtimeNanos,
        long size,
        String content,
        String linkGroup,
        String device,
        Map<String, String> xattrs) {
    public SnapshotEntry {
        xattrs = Map.copyOf(xattrs);
    }

    public boolean isDirectory() {
        return (mode & Stat.TYPE_MASK) == Stat.DIRECTORY;
    }

    SnapshotEntry withMtime(long nanos) {
        return new SnapshotEntry(mode, uid, gid, nanos, size, content, linkGroup, device, xattrs);
    }

    /** The same file under several names, of which this is the first. */
    public SnapshotEntry inGroup(String first) {
        return new SnapshotEntry(mode, uid, gid, mtimeNanos, size, content, first, device, xattrs);
    }

    /** What differs from another entry, as {@code name: this != other}. */
    List<String> differences(SnapshotEntry other) {
        List<String> found = new ArrayList<>();
        compare(found, "mode", Integer.toOctalString(mode), Integer.toOctalString(other.mode));
        compare(found, "uid", uid, other.uid);
        compare(found, "gid", gid, other.gid);
        compare(found, "mtime", mtimeNanos, other.mtimeNanos);
        compare(found, "size", size, other.size);
        compare(found, "content", RawPath.toText(content), RawPath.toText(other.content));
        compare(found, "hard link of", RawPath.toText(linkGroup), RawPath.toText(other.linkGroup));
        compare(found, "device", device, other.device);
        compare(found, "xattrs", xattrs, other.xattrs);
        return found;
    }

    private static void compare(List<String> found, String name, Object mine, Object theirs) {
        if (!Objects.equals(mine, theirs)) {
            found.add(name + ": " + mine + " != " + theirs);
        }
    }
}
