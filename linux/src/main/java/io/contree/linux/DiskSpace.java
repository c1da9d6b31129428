package io.contree.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a file system has room for, {@code fstatfs(2)}.
 *
 * @param freeBytes for everybody; what a file system keeps for root is not in it
 * @param totalBytes of the whole file system
 * @param freeFiles names of files that can still be made; {@link Long#MAX_VALUE} where nothing but space limits them
 * @param totalFiles as many as it can hold, 0 where nothing but space limits them
 * @param prompt whether written bytes are missing from {@code freeBytes} at once, before the disk has them
 */
public record DiskSpace(long freeBytes, long totalBytes, long freeFiles, long totalFiles, boolean prompt) {
    // struct statfs of 64-bit Linux: words
    private static final int TYPE = 0;
    private static final int BLOCK_SIZE = 8;
    private static final int BLOCKS = 16;
    private static final int BLOCKS_AVAILABLE = 32;
    private static final int FILES = 40;
    private static final int FILES_FREE = 48;
    private static final int FRAGMENT_SIZE = 72;

    // linux/magic.h
    private static final long EXT4 = 0xEF53;
    private static final long XFS = 0x58465342;
    private static final long TMPFS = 0x01021994;

    /** Of the file system that a descriptor is on. */
    public static DiskSpace of(Fd any) throws LinuxException {
        try (Scratch scratch = Scratch.take()) {
            MemorySegment answer = scratch.struct;
            Syscalls.check(Syscalls.call(scratch, Call.FSTATFS, any.number(), answer.address()), "fstatfs", "");
            long unit = word(answer, FRAGMENT_SIZE) > 0 ? word(answer, FRAGMENT_SIZE) : word(answer, BLOCK_SIZE);
            long type = word(answer, TYPE);
            long files = word(answer, FILES);
            return new DiskSpace(
                    word(answer, BLOCKS_AVAILABLE) * unit,
                    word(answer, BLOCKS) * unit,
                    files == 0 ? Long.MAX_VALUE : word(answer, FILES_FREE),
                    files,
                    type == EXT4 || type == XFS || type == TMPFS);
        }
    }

    private static long word(MemorySegment answer, int offset) {
        return answer.get(ValueLayout.JAVA_LONG, offset);
    }
}
