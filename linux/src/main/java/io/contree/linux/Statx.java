package io.contree.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@code statx(2)}: offsets are those of {@code struct statx} in linux/stat.h. */
final class Statx {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;

    private static final int NLINK = 16;
    private static final int UID = 20;
    private static final int GID = 24;
    private static final int MODE = 28;
    private static final int INODE = 32;
    private static final int SIZE = 40;
    private static final int BLOCKS = 48;
    private static final int MTIME_SECONDS = 112;
    private static final int MTIME_NANOS = 120;
    private static final int RDEV_MAJOR = 128;
    private static final int RDEV_MINOR = 132;
    private static final int DEV_MAJOR = 136;
    private static final int DEV_MINOR = 140;

    private static final long BASIC_STATS = 0x7FF;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;

    private Statx() {}

    static long call(CallMemory memory, Fd dir, String path) throws LinuxException {
        long name = memory.path("statx", path);
        long flags = AT_SYMLINK_NOFOLLOW | (path.isEmpty() ? AT_EMPTY_PATH : 0);
        return Syscalls.call(memory, Call.STATX, dir.number(), name, flags, BASIC_STATS, memory.struct.address());
    }

    static Stat read(MemorySegment statx) {
        return new Stat(
                Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, MODE)),
                statx.get(U32, UID),
                statx.get(U32, GID),
                statx.get(U64, SIZE),
                statx.get(U64, BLOCKS),
                statx.get(U32, NLINK),
                statx.get(U64, INODE),
                (long) statx.get(U32, DEV_MAJOR) << 32 | Integer.toUnsignedLong(statx.get(U32, DEV_MINOR)),
                Stat.wrapped(statx.get(U64, MTIME_SECONDS), statx.get(U32, MTIME_NANOS)),
                statx.get(U32, RDEV_MAJOR),
                statx.get(U32, RDEV_MINOR));
    }

    /** Writes the two {@code struct timespec} of utimensat, both the same instant, undoing the wrap of {@link Stat}. */
    static void writeTimes(MemorySegment times, long nanos) {
        for (int offset = 0; offset <= 16; offset += 16) {
            times.set(U64, offset, Stat.seconds(nanos));
            times.set(U64, offset + 8L, Stat.nanosOfSecond(nanos));
        }
    }
}
