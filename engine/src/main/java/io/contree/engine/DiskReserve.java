package io.contree.engine;

import io.contree.linux.DiskSpace;

/**
 * Free space that no run, import or upload may take, so that records, logs and commits can always be written: a part of the
 * disk, up to a number of bytes, and one in twenty of the files that the disk can hold, up to 50,000.
 *
 * @param part of the disk, 0 to 1
 * @param mostBytes the most that it can be
 */
public record DiskReserve(double part, long mostBytes) {
    /** A tenth of the disk, but no more than 2 GiB: what a fast disk takes in a second. */
    public static final DiskReserve DEFAULT = new DiskReserve(0.1, 2L << 30);

    /** Kept whatever is asked for: with less, what a run writes may be lost without its noticing. */
    private static final long LEAST = 4L << 20;

    /** The most that may be free when everything that writes is stopped, and not the biggest alone. */
    private static final long MOST_FLOOR = 64L << 20;

    private static final double FILES_PART = 0.05;
    private static final long MOST_FILES = 50_000;

    public DiskReserve {
        if (!(part >= 0 && part <= 1) || mostBytes < 0) {
            throw new IllegalArgumentException("a reserve is a part of a disk: " + part + ", " + mostBytes);
        }
    }

    /** Its bytes on this disk. */
    public long bytes(DiskSpace space) {
        return Math.max(Math.min((long) (space.totalBytes() * part), mostBytes), LEAST);
    }

    /** Its files on this disk. */
    public long files(DiskSpace space) {
        return Math.min((long) (space.totalFiles() * FILES_PART), MOST_FILES);
    }

    /** True if less is free than the reserve. */
    public boolean isShort(DiskSpace space) {
        return space.freeBytes() < bytes(space) || isShortOfFiles(space);
    }

    public boolean isShortOfFiles(DiskSpace space) {
        return space.freeFiles() < files(space);
    }

    /** True if half of it is gone. */
    public boolean isHalfGone(DiskSpace space) {
        return space.freeBytes() < bytes(space) / 2 || space.freeFiles() < files(space) / 2;
    }

    /** True if so little is free that somebody's writes may have failed since the last look. */
    public boolean isGone(DiskSpace space) {
        return space.freeBytes() < Math.clamp(bytes(space) / 4, LEAST, MOST_FLOOR)
                || space.freeFiles() < files(space) / 4;
    }

    /** What is short, in words for people. */
    public String shortage(DiskSpace space) {
        return isShortOfFiles(space)
                ? "the server's disk has room for " + space.freeFiles() + " more files and keeps room for "
                        + files(space) + " in reserve"
                : "the server's disk has " + space.freeBytes() + " bytes free and keeps " + bytes(space)
                        + " in reserve";
    }
}
