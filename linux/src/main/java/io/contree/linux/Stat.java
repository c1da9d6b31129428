package io.contree.linux;

/**
 * What {@code statx(2)} says of a file.
 *
 * @param mode the full st_mode: type bits and permission bits
 * @param device the file system's device: major number in the upper half, minor in the lower
 * @param mtimeNanos nanoseconds since the epoch, modulo 2^64: instants from 1901-12-14 to 2486-07-02 stay distinct,
 *     which is all that ext4 and XFS can hold, and {@link FileCalls#setTimes} puts them back
 * @param rdevMajor device number of a device file
 */
public record Stat(
        int mode,
        int uid,
        int gid,
        long size,
        long blocks,
        int nlink,
        long inode,
        long device,
        long mtimeNanos,
        int rdevMajor,
        int rdevMinor) {
    public static final int TYPE_MASK = 0xF000;
    public static final int SOCKET = 0xC000;
    public static final int SYMLINK = 0xA000;
    public static final int REGULAR = 0x8000;
    public static final int BLOCK_DEVICE = 0x6000;
    public static final int DIRECTORY = 0x4000;
    public static final int CHARACTER_DEVICE = 0x2000;
    public static final int FIFO = 0x1000;

    /** The first instant that is kept, in nanoseconds since the epoch: lower values have wrapped around. */
    public static final long EARLIEST = Integer.MIN_VALUE * 1_000_000_000L;

    private static final long SECOND = 1_000_000_000L;

    /** The last whole second whose nanoseconds all have a value of their own. */
    private static final long LAST_SECOND = Long.divideUnsigned(-1L, SECOND) + Integer.MIN_VALUE - 1;

    /** An instant as {@link #mtimeNanos} has it; one outside its range, which some file systems hold, becomes the nearest end. */
    static long wrapped(long seconds, int nanos) {
        if (seconds < Integer.MIN_VALUE) {
            return EARLIEST;
        }
        return seconds > LAST_SECOND ? LAST_SECOND * SECOND + SECOND - 1 : seconds * SECOND + nanos;
    }

    /** Seconds since the epoch, rounded down, of an instant as {@link #mtimeNanos} has it. */
    public static long seconds(long mtimeNanos) {
        return mtimeNanos < EARLIEST
                ? Long.divideUnsigned(mtimeNanos, 1_000_000_000L)
                : Math.floorDiv(mtimeNanos, 1_000_000_000L);
    }

    /** What {@link #seconds} leaves, from 0 on. */
    public static int nanosOfSecond(long mtimeNanos) {
        return (int)
                (mtimeNanos < EARLIEST
                        ? Long.remainderUnsigned(mtimeNanos, 1_000_000_000L)
                        : Math.floorMod(mtimeNanos, 1_000_000_000L));
    }

    /** The type bits of the mode, one of the constants of this class. */
    public int type() {
        return mode & TYPE_MASK;
    }

    public boolean isDirectory() {
        return type() == DIRECTORY;
    }

    public boolean isRegular() {
        return type() == REGULAR;
    }

    public boolean isSymlink() {
        return type() == SYMLINK;
    }

    /** An overlayfs whiteout: a character device 0/0. */
    public boolean isWhiteout() {
        return type() == CHARACTER_DEVICE && rdevMajor == 0 && rdevMinor == 0;
    }
}
