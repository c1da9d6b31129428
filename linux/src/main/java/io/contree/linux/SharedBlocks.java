package io.contree.linux;

import java.lang.foreign.ValueLayout;

/** Files of equal content that share the blocks of a file system (FIDEDUPERANGE: XFS, btrfs). */
public final class SharedBlocks {
    /** FIDEDUPERANGE of linux/fs.h: _IOWR(0x94, 54, struct file_dedupe_range). */
    private static final long DEDUPE = 0xc018_9436L;
    /** FS_IOC_FIEMAP of linux/fs.h: _IOWR('f', 11, struct fiemap). */
    private static final long EXTENTS = 0xc020_660bL;

    private static final int DIFFERS = 1;
    /** Places on the disk that are not known, not yet there, or hold something else besides: FIEMAP_EXTENT_… of linux/fiemap.h. */
    private static final int NO_PLACE = 0x2 | 0x4 | 0x80 | 0x100 | 0x200;

    private static final int FIEMAP_HEADER = 32;
    private static final int FIEMAP_SIZE = FIEMAP_HEADER + 56;

    private SharedBlocks() {}

    /**
     * Lets a part of a file take the blocks that hold the same bytes of another, at the same place. The kernel compares the bytes; neither
     * content nor times nor inodes change.
     *
     * @param offset a multiple of the file system's block size
     * @param length such a multiple too, or up to the end of both files, which are of one size
     * @return how many bytes are shared now, which may be less than asked for; 0 if the bytes are not equal
     * @throws LinuxException EOPNOTSUPP or EINVAL where the file system cannot
     */
    public static long share(Fd from, Fd to, long offset, long length) throws LinuxException {
        return CallThreads.unpinned(() -> dedupe(from, to, offset, length));
    }

    private static long dedupe(Fd from, Fd to, long offset, long length) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            memory.struct.asSlice(0, 56).fill((byte) 0);
            memory.struct.set(ValueLayout.JAVA_LONG, 0, offset);
            memory.struct.set(ValueLayout.JAVA_LONG, 8, length);
            memory.struct.set(ValueLayout.JAVA_SHORT, 16, (short) 1);
            memory.struct.set(ValueLayout.JAVA_LONG, 24, to.number());
            memory.struct.set(ValueLayout.JAVA_LONG, 32, offset);
            String call = "ioctl(FIDEDUPERANGE)";
            Syscalls.check(Syscalls.call(memory, Call.IOCTL, from.number(), DEDUPE, memory.struct.address()), call, "");
            int status = memory.struct.get(ValueLayout.JAVA_INT, 48);
            if (status == DIFFERS) {
                return 0;
            }
            Syscalls.check(status, call, "");
            return memory.struct.get(ValueLayout.JAVA_LONG, 40);
        }
    }

    /** Whether the byte at an offset of two files is on one place of the disk; false where that cannot be told. */
    public static boolean areShared(Fd one, Fd other, long offset) {
        long place = place(one, offset);
        return place >= 0 && place == place(other, offset);
    }

    private static long place(Fd file, long offset) {
        try (CallMemory memory = CallMemory.take()) {
            memory.struct.asSlice(0, FIEMAP_SIZE).fill((byte) 0);
            memory.struct.set(ValueLayout.JAVA_LONG, 0, offset);
            memory.struct.set(ValueLayout.JAVA_LONG, 8, 1);
            memory.struct.set(ValueLayout.JAVA_INT, 24, 1);
            long result = Syscalls.call(memory, Call.IOCTL, file.number(), EXTENTS, memory.struct.address());
            boolean found = result == 0 && memory.struct.get(ValueLayout.JAVA_INT, 20) == 1;
            if (!found || (memory.struct.get(ValueLayout.JAVA_INT, FIEMAP_HEADER + 40) & NO_PLACE) != 0) {
                return -1;
            }
            long logical = memory.struct.get(ValueLayout.JAVA_LONG, FIEMAP_HEADER);
            long physical = memory.struct.get(ValueLayout.JAVA_LONG, FIEMAP_HEADER + 8);
            return logical > offset ? -1 : physical + offset - logical;
        }
    }
}
