package io.contree.linux;

import java.lang.foreign.ValueLayout;

/** Copies file contents: a clone where the file system shares blocks, else the data ranges and no hole. */
final class FileCopier {
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    /** FICLONE of linux/fs.h: _IOW(0x94, 9, int). */
    private static final long FICLONE = 0x4004_9409L;
    /** A call cannot be ended early, so it copies no more than what takes a fraction of a second. */
    private static final long MOST_AT_ONCE = 64L << 20;

    private FileCopier() {}

    static boolean copy(Fd from, Fd to, Runnable between) throws LinuxException {
        FileCalls.truncate(to, 0);
        return clone(from, to) || copyRanges(from, to, between);
    }

    static boolean clone(Fd from, Fd to) {
        try (CallMemory memory = CallMemory.take()) {
            // Which errno says "not here" differs by file system; a real fault shows in the copy that follows.
            return Syscalls.call(memory, Call.IOCTL, to.number(), FICLONE, from.number()) == 0;
        }
    }

    /** Copies without cloning; always false, for the caller to return. */
    static boolean copyRanges(Fd from, Fd to, Runnable between) throws LinuxException {
        long size = FileCalls.stat(from, "").size();
        FileCalls.truncate(to, size);
        long[] range = nextData(from, 0, size);
        while (range.length > 0) {
            copyRange(from, to, range[0], range[1], 0, between);
            range = nextData(from, range[1], size);
        }
        return false;
    }

    /** Copies the data of a part of a file to another place of another; what is a hole stays what it was there. */
    static void copyPart(Fd from, long start, long length, Fd to, long target, Runnable between) throws LinuxException {
        long end = start + length;
        long[] range = nextData(from, start, end);
        while (range.length > 0) {
            copyRange(from, to, range[0], range[1], target - start, between);
            range = nextData(from, range[1], end);
        }
    }

    static long[] nextData(Fd file, long offset, long size) throws LinuxException {
        if (offset >= size) {
            return new long[0];
        }
        try (CallMemory memory = CallMemory.take()) {
            long start = Syscalls.call(memory, Call.LSEEK, file.number(), offset, SEEK_DATA);
            if (start == -Errno.ENXIO.number() || start >= size) {
                return new long[0];
            }
            if (start == -Errno.EINVAL.number()) {
                // The file system knows no holes.
                return new long[] {offset, size};
            }
            Syscalls.check(start, "lseek(SEEK_DATA)", "");
            long end = Syscalls.check(
                    Syscalls.call(memory, Call.LSEEK, file.number(), start, SEEK_HOLE), "lseek(SEEK_HOLE)", "");
            return new long[] {start, Math.min(end, size)};
        }
    }

    /** @param shift how much further on in the target */
    private static void copyRange(Fd from, Fd to, long start, long end, long shift, Runnable between)
            throws LinuxException {
        long at = start;
        try (CallMemory memory = CallMemory.take()) {
            while (at < end) {
                between.run();
                long copied = inKernel(memory, from, at, to, at + shift, end - at);
                if (copied <= 0) {
                    copied = throughMemory(memory, from, at, to, at + shift, end - at);
                }
                if (copied == 0) {
                    return;
                }
                at += copied;
            }
        }
    }

    private static long inKernel(CallMemory memory, Fd from, long at, Fd to, long target, long length) {
        memory.struct.set(ValueLayout.JAVA_LONG, 0, at);
        memory.struct.set(ValueLayout.JAVA_LONG, 8, target);
        long source = memory.struct.address();
        return Syscalls.call(
                memory,
                Call.COPY_FILE_RANGE,
                from.number(),
                source,
                to.number(),
                source + 8,
                Math.min(length, MOST_AT_ONCE),
                0);
    }

    private static long throughMemory(CallMemory memory, Fd from, long at, Fd to, long target, long length)
            throws LinuxException {
        long buffer = memory.data.address();
        long wanted = Math.min(length, CallMemory.DATA_SIZE);
        long read =
                Syscalls.check(Syscalls.call(memory, Call.PREAD64, from.number(), buffer, wanted, at), "pread64", "");
        long written = 0;
        while (written < read) {
            written += Syscalls.check(
                    Syscalls.call(
                            memory, Call.PWRITE64, to.number(), buffer + written, read - written, target + written),
                    "pwrite64",
                    "");
        }
        return read;
    }
}
