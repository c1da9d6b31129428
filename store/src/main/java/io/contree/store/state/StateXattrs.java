package io.contree.store.state;

import io.contree.linux.RawPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which extended attributes are part of a state, and in which form. */
public final class StateXattrs {
    public static final String OVERLAY_PREFIX = "trusted.overlay.";
    public static final String OPAQUE = "trusted.overlay.opaque";
    /** XFS lists access lists under names of its own too; no other file system has them. */
    private static final String XFS_ACCESS_LISTS = "trusted.SGI_ACL_";

    private static final String CAPABILITY = "security.capability";

    // linux/capability.h: struct vfs_cap_data and vfs_ns_cap_data, little endian.
    private static final int REVISION_MASK = 0xff00_0000;
    private static final int REVISION_2 = 0x0200_0000;
    private static final int REVISION_3 = 0x0300_0000;
    private static final int SIZE_2 = 20;
    private static final int SIZE_3 = 24;

    private final int hostRoot;

    /** @param hostRoot the id of root outside, 0 without a user namespace */
    public StateXattrs(int hostRoot) {
        this.hostRoot = hostRoot;
    }

    /** What {@link #OPAQUE} is set to. */
    public static byte[] opaqueValue() {
        return new byte[] {'y'};
    }

    public static boolean isPartOfState(String name) {
        return name.startsWith("user.")
                || name.equals(CAPABILITY)
                || name.equals("system.posix_acl_access")
                || name.equals("system.posix_acl_default")
                || (name.startsWith("trusted.")
                        && !name.startsWith(OVERLAY_PREFIX)
                        && !name.startsWith(XFS_ACCESS_LISTS));
    }

    /** The attributes of the state among those of a file, with raw values. */
    public SortedMap<String, String> normalise(Map<String, byte[]> xattrs) {
        SortedMap<String, String> kept = new TreeMap<>();
        xattrs.forEach((name, value) -> {
            if (isPartOfState(name)) {
                byte[] bytes = name.equals(CAPABILITY) ? capability(value) : value;
                kept.put(name, RawPath.of(bytes).raw());
            }
        });
        return kept;
    }

    /** Capabilities that are valid in the whole image: without the id of root that a user namespace adds. */
    private byte[] capability(byte[] value) {
        if (value.length != SIZE_3) {
            return value;
        }
        ByteBuffer data = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        int magic = data.getInt(0);
        int root = data.getInt(SIZE_2);
        if ((magic & REVISION_MASK) != REVISION_3 || (root != 0 && root != hostRoot)) {
            return value;
        }
        byte[] plain = Arrays.copyOf(value, SIZE_2);
        ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).putInt(0, (magic & ~REVISION_MASK) | REVISION_2);
        return plain;
    }
}
