package io.contree.store.manifest;

/** The numbers of the manifest format (docs/design/format.md, "Manifest"). All integers are big endian. */
public final class ManifestFormat {
    static final long MAGIC = 0x6374_7265_656d_616eL; // "ctreeman"
    static final int VERSION = 1;
    static final int HEADER_SIZE = 16;

    /** Count, offset of the index, offset of the group index, groups, CRC-32C of the tables. */
    static final int FOOTER_CHECKED = 3 * Long.BYTES + 2 * Integer.BYTES;

    /** The checked part, its CRC-32C, and the SHA-256 of all before that. */
    static final int FOOTER_SIZE = FOOTER_CHECKED + Integer.BYTES + 32;

    // Offsets in a record.
    static final int LENGTH = 0;
    static final int CRC = 4;
    static final int MODE = 8;
    static final int FLAGS = 12;
    static final int PATH_LENGTH = 14;
    static final int UID = 16;
    static final int GID = 20;
    static final int MTIME = 24;
    static final int SIZE = 32;
    static final int GROUP = 40;
    static final int RDEV_MAJOR = 44;
    static final int RDEV_MINOR = 48;
    static final int TARGET_LENGTH = 52;
    static final int XATTR_COUNT = 54;
    static final int SHA256 = 56;
    static final int PATH = 88;

    /** The SHA-256 of all before it, at the end of the file. */
    public static final int DIGEST_SIZE = 32;

    static final int FLAG_OPAQUE = 1;

    /** The longest path of an entry: what the kernel takes in one call, without its NUL. */
    public static final int MAX_PATH = 4095;

    private ManifestFormat() {}
}
