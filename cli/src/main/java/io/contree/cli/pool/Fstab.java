package io.contree.cli.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a machine mounts when it starts, fstab(5). */
final class Fstab {
    private final Path file;

    Fstab() {
        this(Path.of("/etc/fstab"));
    }

    Fstab(Path file) {
        this.file = file;
    }

    /**
     * The line that mounts a pool. The start of the machine does not fail for it, nor wait for long: the sign below the mount keeps
     * a server from starting without it.
     */
    static String line(Path image, Path data, String type, String options) {
        return String.join(" ", escaped(image), escaped(data), type, "loop,nofail," + options, "0", "0");
    }

    /** The line that there is for a mount point. */
    Optional<String> lineOf(Path data) {
        return lines().stream().filter(line -> isOf(line, data)).findFirst();
    }

    /**
     * Adds the line of a pool, in place of one for the same image and mount point.
     *
     * @throws PoolException if there is one for another image, or the file cannot be written
     */
    void write(Path image, Path data, String line) {
        Optional<String> other =
                lineOf(data).filter(there -> !there.strip().split("\\s+")[0].equals(escaped(image)));
        if (other.isPresent()) {
            throw new PoolException(
                    file + " has another line for " + data + ": \"" + other.get() + "\"; remove it, and try again");
        }
        List<String> lines = new ArrayList<>(lines());
        lines.removeIf(there -> isOf(there, data));
        lines.add(line);
        replace(lines);
    }

    /** Removes the line for a mount point. */
    void remove(Path data) {
        List<String> lines = new ArrayList<>(lines());
        if (lines.removeIf(there -> isOf(there, data))) {
            replace(lines);
        }
    }

    private static boolean isOf(String line, Path data) {
        String[] fields = line.strip().split("\\s+");
        return fields.length >= 3 && !fields[0].startsWith("#") && fields[1].equals(escaped(data));
    }

    private List<String> lines() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new PoolException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The machine finds the former or the new text, whole, whenever it is cut off. */
    private void replace(List<String> lines) {
        Path next = file.resolveSibling(file.getFileName() + ".contree-new");
        try {
            Files.write(next, lines);
            Files.setPosixFilePermissions(
                    next,
                    Files.exists(file)
                            ? Files.getPosixFilePermissions(file)
                            : PosixFilePermissions.fromString("rw-r--r--"));
            PoolImage.sync(next);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new PoolException(file + " cannot be written: " + e.getMessage() + "; write the line yourself", e);
        }
    }

    private static String escaped(Path path) {
        return path.toString()
                .replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
