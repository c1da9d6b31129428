package io.contree.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What a file system has room for, by {@code fstatfs(2)}; on btrfs less what it has promised to bytes that it has not placed
 * yet, which {@code fstatfs} leaves out.
 *
 * @param freeBytes for everybody: what a file system reserves for root is not included
 * @param totalBytes of the whole file system
 * @param freeFiles how many more files can be made; {@link Long#MAX_VALUE} where nothing but space limits them
 * @param totalFiles as many as it can hold, 0 where nothing but space limits them
 * @param prompt whether {@code freeBytes} changes at once: written bytes count before the disk has them, those of a removed file as
 *     soon as it is gone; where it is false, perhaps only after the file system has been synced
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
    private static final long BTRFS = 0x9123683EL;

    /** Fills a structure of 1,024 bytes, linux/btrfs.h. */
    private static final long BTRFS_IOC_FS_INFO = 0x8400941FL;

    private static final int FS_INFO_ID = 16;

    /** Of the file system that a descriptor is on. */
    public static DiskSpace of(Fd any) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            MemorySegment answer = memory.struct;
            Syscalls.check(Syscalls.call(memory, Call.FSTATFS, any.number(), answer.address()), "fstatfs", "");
            long unit = word(answer, FRAGMENT_SIZE) > 0 ? word(answer, FRAGMENT_SIZE) : word(answer, BLOCK_SIZE);
            long type = word(answer, TYPE);
            long files = word(answer, FILES);
            long available = word(answer, BLOCKS_AVAILABLE) * unit;
            return new DiskSpace(
                    type == BTRFS ? Math.max(0, available - promised(any, memory)) : available,
                    word(answer, BLOCKS) * unit,
                    files == 0 ? Long.MAX_VALUE : word(answer, FILES_FREE),
                    files,
                    type == EXT4 || type == XFS || type == TMPFS);
        }
    }

    /** Bytes of data that btrfs has room for and has not written, or not recorded yet. */
    private static long promised(Fd any, CallMemory memory) throws LinuxException {
        MemorySegment info = memory.data;
        Syscalls.check(
                Syscalls.call(memory, Call.IOCTL, any.number(), BTRFS_IOC_FS_INFO, info.address()),
                "BTRFS_IOC_FS_INFO",
                "");
        UUID id = new UUID(bigEndian(info, FS_INFO_ID), bigEndian(info, FS_INFO_ID + Long.BYTES));
        Path allocation = Path.of("/sys/fs/btrfs", id.toString(), "allocation");
        // A small file system may have its data and metadata in one.
        Path data = allocation.resolve(Files.isDirectory(allocation.resolve("data")) ? "data" : "mixed");
        return count(data.resolve("bytes_may_use")) + count(data.resolve("bytes_reserved"));
    }

    /** 0 where sysfs is not mounted: what is free is then told late, as other file systems do. */
    private static long count(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static long bigEndian(MemorySegment answer, int offset) {
        return Long.reverseBytes(answer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
    }

    private static long word(MemorySegment answer, int offset) {
        return answer.get(ValueLayout.JAVA_LONG, offset);
    }
}
