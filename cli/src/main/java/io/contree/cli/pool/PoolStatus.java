package io.contree.cli.pool;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A pool as it is. Sizes are in bytes.
 *
 * @param fileSystem such as {@code xfs}; null if it cannot be told
 * @param device such as {@code /dev/loop0}; null if it is not mounted
 * @param size of the pool
 * @param used how much of it is taken; null if it is not mounted
 * @param allocated what its file takes on its disk
 * @param room what that disk has free
 * @param directIo whether the device passes by the page cache of the disk below
 * @param quota whether it keeps limits of directories
 * @param fstabLine the line that mounts it when the machine starts
 * @param atBoot whether /etc/fstab has that line
 */
public record PoolStatus(
        Path data,
        Path image,
        @Nullable String fileSystem,
        @Nullable String device,
        long size,
        @Nullable Long used,
        long allocated,
        long room,
        boolean directIo,
        boolean quota,
        @Nullable String fstabLine,
        boolean atBoot) {

    /** True if its disk may be full before the pool is: writes to it then fail, although it says that it has room. */
    public boolean isOvercommitted() {
        return size - allocated > room;
    }
}
