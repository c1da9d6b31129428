package io.contree.store.backup;

/** The numbers of the format of a packed layer (docs/design/format.md, "Packed layer"). All integers are big endian. */
final class PackFormat {
    static final long MAGIC = 0x6374_7265_6570_6163L; // "ctreepac"
    static final int VERSION = 1;

    /** Contents of at least this size begin at a multiple of {@link #BLOCK}, so that disks that can share their blocks. */
    static final int LARGE = 1 << 16;

    static final int BLOCK = 4096;

    /** Number of the entry, and its content. */
    static final int STUB_SIZE = Integer.BYTES + 32;

    /** Magic, version, number of stubs, place and length of the manifest, length of the sums, and the SHA-256 of it and the stubs. */
    static final int FOOTER_SIZE = Long.BYTES + 2 * Integer.BYTES + 3 * Long.BYTES + 32;

    private PackFormat() {}

    /** Where a content is that follows one which ends here. */
    static long place(long end, long size) {
        return size < LARGE ? end : (end + BLOCK - 1) / BLOCK * BLOCK;
    }
}
