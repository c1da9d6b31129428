package io.contree.linux;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a file system knows a file by, whatever its names: {@code name_to_handle_at(2)}.
 *
 * @param type how the file system reads it
 * @param bytes in hexadecimal
 */
public record FileHandle(int type, String bytes) {
    /** MAX_HANDLE_SZ of linux/exportfs.h. */
    private static final int MOST_BYTES = 128;
    /** {@code struct file_handle}: u32 length, s32 type, and the bytes. */
    private static final int TYPE = 4;

    private static final int BYTES = 8;
    private static final int MOUNT_ID = BYTES + MOST_BYTES;

    // struct ovl_fb of fs/overlayfs/overlayfs.h: u8 version, u8 magic, u8 length, u8 flags, u8 type, a UUID, and the
    // bytes.
    private static final int INDEX_TYPE = 4;
    private static final int INDEX_BYTES = INDEX_TYPE + 1 + 16;

    /** The handle of a file, of a symbolic link itself too; empty where the file system has none. */
    public static Optional<FileHandle> of(Fd dir, String path) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("name_to_handle_at", path);
            memory.struct.set(ValueLayout.JAVA_INT, 0, MOST_BYTES);
            long handle = memory.struct.address();
            long result =
                    Syscalls.call(memory, Call.NAME_TO_HANDLE_AT, dir.number(), name, handle, handle + MOUNT_ID, 0);
            if (result == -Errno.EOPNOTSUPP.number()) {
                return Optional.empty();
            }
            Syscalls.check(result, "name_to_handle_at", path);
            byte[] bytes = memory.struct
                    .asSlice(BYTES, memory.struct.get(ValueLayout.JAVA_INT, 0))
                    .toArray(ValueLayout.JAVA_BYTE);
            return Optional.of(new FileHandle(
                    memory.struct.get(ValueLayout.JAVA_INT, TYPE),
                    HexFormat.of().formatHex(bytes)));
        }
    }

    /** The handle of the lower file that an entry of an overlay's index stands for; empty for any other name in there. */
    public static Optional<FileHandle> ofIndexEntry(String name) {
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(name);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length <= INDEX_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new FileHandle(
                Byte.toUnsignedInt(bytes[INDEX_TYPE]),
                HexFormat.of().formatHex(Arrays.copyOfRange(bytes, INDEX_BYTES, bytes.length))));
    }
}
