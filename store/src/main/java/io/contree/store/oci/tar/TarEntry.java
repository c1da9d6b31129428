package io.contree.store.oci.tar;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One entry of a tar as it is written there: nothing is normalised or trusted yet.
 *
 * @param name raw name, perhaps empty, {@code ./}, absolute or with {@code ..}
 * @param link raw target of a symbolic or hard link, else empty
 * @param mode permission bits only
 * @param size apparent size of a file, holes included; 0 for all other types
 * @param xattrs raw attribute names and their values
 * @param extents where in a file the data that follows belongs: ascending, not overlapping, within {@code size}
 */
public record TarEntry(
        Type type,
        String name,
        String link,
        int mode,
        int uid,
        int gid,
        EntryTime time,
        long size,
        int major,
        int minor,
        SortedMap<String, byte[]> xattrs,
        List<Extent> extents) {
    /** What an entry is. */
    public enum Type {
        FILE,
        HARD_LINK,
        SYMLINK,
        DIRECTORY,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        FIFO
    }

    /** A range of a file that has data. */
    record Extent(long offset, long length) {
        long end() {
            return offset + length;
        }
    }

    public TarEntry {
        xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
        extents = List.copyOf(extents);
    }

    /** Bytes of data that the archive holds for this entry. */
    public long dataBytes() {
        return extents.stream().mapToLong(Extent::length).sum();
    }
}
