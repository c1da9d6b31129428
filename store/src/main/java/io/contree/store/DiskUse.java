package io.contree.store;

/**
 * What something takes up on a disk.
 *
 * @param bytes in its blocks: a hole takes none
 * @param files that it consists of, directories included
 */
public record DiskUse(long bytes, long files) {
    public static final DiskUse NOTHING = new DiskUse(0, 0);

    /** Both together. */
    public DiskUse plus(DiskUse other) {
        return new DiskUse(bytes + other.bytes, files + other.files);
    }

    /** True if it is not more than a limit, in bytes and in files. */
    public boolean isWithin(DiskUse limit) {
        return bytes <= limit.bytes && files <= limit.files;
    }
}
