package io.contree.cli.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A pool as somebody wants it.
 *
 * @param data the directory to mount it at, by its real path
 * @param image its file, likewise
 * @param size in bytes
 * @param fileSystem empty for the best that this machine can make
 * @param overcommit even if the disk below has less room than that
 * @param atBoot mount it whenever the machine starts
 */
public record PoolPlan(
        Path data, Path image, long size, Optional<PoolFileSystem> fileSystem, boolean overcommit, boolean atBoot) {
    /** Smaller ones have no room for the log of a file system. */
    public static final long SMALLEST = 512L << 20;

    /**
     * A plan for paths as they were typed.
     *
     * @param image empty for a file beside the data directory
     * @throws PoolException if the size is too small, or the image would lie within the directory
     */
    public static PoolPlan of(
            Path data,
            Optional<Path> image,
            long size,
            Optional<PoolFileSystem> fileSystem,
            boolean overcommit,
            boolean atBoot) {
        Path place = real(data);
        Path file = image.map(PoolPlan::real)
                .orElseGet(() -> PoolImage.beside(place).file());
        if (file.startsWith(place)) {
            throw new PoolException(file + " would lie within " + place
                    + ", where the pool is mounted; name another file with --image");
        }
        if (size < SMALLEST) {
            throw new PoolException("a pool has at least 512M; name a larger --size");
        }
        return new PoolPlan(place, file, size, fileSystem, overcommit, atBoot);
    }

    /** The path as the mount table has it, of a file that may be missing. */
    static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        try {
            if (parent == null) {
                return absolute;
            }
            return Files.isDirectory(absolute)
                    ? absolute.toRealPath()
                    : parent.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            throw new PoolException("there is no directory " + parent + "; make it, or name another path", e);
        }
    }
}
