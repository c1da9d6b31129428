package io.contree.cli.pool;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.OpenFileLock;
import io.contree.linux.RawPath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Collectors;

/** The file of a pool. It has its name from the moment on when it is whole; until then it is another one beside it. */
record PoolImage(Path file) {
    /** Where the file of a pool for a directory is, unless one says where. */
    static PoolImage beside(Path data) {
        return new PoolImage(data.resolveSibling(data.getFileName() + ".img"));
    }

    boolean exists() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The file system that it has if it is a pool's. */
    Optional<PoolFileSystem> fileSystem(Tools tools) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        String said;
        try {
            said = tools.run(Tool.BLKID, "-p", "-o", "export", file.toString());
        } catch (PoolException e) {
            return Optional.empty(); // that is how it says that it knows nothing of it
        }
        var fields = said.lines()
                .filter(line -> line.contains("="))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> line.substring(line.indexOf('=') + 1),
                        (first, second) -> first));
        return PoolFileSystem.LABEL.equals(fields.get("LABEL"))
                ? PoolFileSystem.ofType(fields.getOrDefault("TYPE", ""))
                : Optional.empty();
    }

    /** Makes it, with a file system in it. What an earlier attempt left half-made is made anew. */
    void make(long size, PoolFileSystem fileSystem, Tools tools) {
        Path unfinished = unfinished();
        try (OpenFileLock _ = lock(unfinished)) {
            // A new file: what a killed attempt started may still write to the former one.
            Files.delete(unfinished);
            try (OpenFileLock _ = lock(unfinished)) {
                format(unfinished, size, fileSystem, tools);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
                sync(directory());
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(unfinished);
                throw e;
            }
        } catch (IOException e) {
            throw new PoolException("could not make " + file + ": " + e.getMessage(), e);
        }
    }

    private OpenFileLock lock(Path unfinished) throws IOException {
        return OpenFileLock.exclusive(unfinished)
                .orElseThrow(() -> new PoolException(file + " is being made by another process; wait for it"));
    }

    private static void format(Path unfinished, long size, PoolFileSystem fileSystem, Tools tools) throws IOException {
        try (RandomAccessFile made = new RandomAccessFile(unfinished.toFile(), "rw")) {
            made.setLength(size);
        }
        fileSystem.format(tools, unfinished);
        sync(unfinished);
    }

    /** Removes it, and what an attempt at making it left. */
    void remove() {
        try {
            Files.deleteIfExists(unfinished());
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new PoolException("could not remove " + file + ": " + e.getMessage(), e);
        }
    }

    /** Gives the file a size that is not less than it has. */
    void enlarge(long size) {
        try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
            grown.setLength(size);
            grown.getFD().sync();
        } catch (IOException e) {
            throw new PoolException("could not enlarge " + file + ": " + e.getMessage(), e);
        }
    }

    long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new PoolException("could not look at " + file + ": " + e.getMessage(), e);
        }
    }

    /** The bytes that it takes on its disk. */
    long allocated() {
        try {
            return FileCalls.stat(Fd.CWD, RawPath.of(file).raw()).blocks() * 512;
        } catch (IOException e) {
            throw new PoolException("could not look at " + file + ": " + e.getMessage(), e);
        }
    }

    /** The bytes that its disk has free for it to grow. */
    long room() {
        try {
            return Files.getFileStore(directory()).getUsableSpace();
        } catch (IOException e) {
            throw new PoolException("could not look at the disk of " + file + ": " + e.getMessage(), e);
        }
    }

    private Path directory() {
        return Optional.ofNullable(file.getParent()).orElse(file);
    }

    private Path unfinished() {
        return file.resolveSibling(file.getFileName() + ".unfinished");
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
