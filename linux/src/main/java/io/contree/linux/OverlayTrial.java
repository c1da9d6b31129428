package io.contree.linux;

import io.contree.linux.Mounts.Overlay;
import io.contree.linux.Mounts.Upper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tries in a directory what writable overlays need of its file system, and leaves nothing there. Its name does not
 * tell: the same one may come with or without extended attributes, on a kernel that knows them or does not.
 */
public final class OverlayTrial {
    private static final String OPAQUE = "trusted.overlay.opaque";

    private OverlayTrial() {}

    /**
     * Why overlays cannot be written there.
     *
     * @param what completes "cannot hold what runs write: …"
     * @param remedy what to do
     */
    public record Problem(String what, String remedy) {}

    /**
     * Mounts an overlay that writes to the directory, hides a file and replaces a directory in it. Needs root.
     *
     * @param owner as of the overlays of runs; with one the overlay is only mounted, since this process has no id in its mapping
     */
    public static Optional<Problem> problem(Path directory, Optional<UserNamespace> owner) {
        Path place;
        try {
            place = Files.createTempDirectory(directory, ".overlay-trial-");
        } catch (IOException e) {
            return Optional.of(new Problem(
                    "nothing can be made in it (" + e.getMessage() + ")",
                    "mount it writable, make room, or run as root"));
        }
        try {
            run(place, owner);
            return Optional.empty();
        } catch (LinuxException e) {
            return Optional.of(problem(e, typeOf(directory), owner.isPresent()));
        } catch (IOException e) {
            return Optional.of(new Problem(e.getMessage() + " on " + typeOf(directory), elsewhere()));
        } finally {
            clear(place);
        }
    }

    /** Whether this kernel lets files of an overlay take their contents from a directory of its own (Linux 6.7). Needs root. */
    public static boolean takesContents(Path directory) throws IOException {
        Path place = Files.createTempDirectory(directory, ".overlay-trial-");
        try {
            Path lower = Files.createDirectory(place.resolve("lower"));
            Path contents = Files.createDirectory(place.resolve("contents"));
            Path merged = Files.createDirectory(place.resolve("merged"));
            Files.writeString(contents.resolve("content"), "here");
            Path stub = Files.createFile(lower.resolve("stub"));
            try (Fd file = FileCalls.open(stub, FileCalls.WRITE)) {
                FileCalls.truncate(file, "here".length());
                FileCalls.setXattr(file, "", Mounts.METACOPY, new byte[0]);
                FileCalls.setXattr(file, "", Mounts.REDIRECT, "/content".getBytes(StandardCharsets.US_ASCII));
            }
            Mounts.overlay(
                    new Overlay(List.of(lower), Optional.empty(), Optional.empty(), Optional.of(contents)), merged);
            try {
                return Files.readString(merged.resolve("stub")).equals("here");
            } catch (IOException e) {
                return false;
            } finally {
                Mounts.unmount(merged, true);
            }
        } catch (LinuxException e) {
            return false;
        } finally {
            clear(place);
        }
    }

    private static void run(Path place, Optional<UserNamespace> owner) throws IOException {
        Path lower = Files.createDirectory(place.resolve("lower"));
        Files.createFile(lower.resolve("file"));
        Files.createDirectory(lower.resolve("directory"));
        Files.createFile(lower.resolve("directory/inside"));
        Path upper = Files.createDirectory(place.resolve("upper"));
        Path merged = Files.createDirectory(place.resolve("merged"));
        Upper writes = new Upper(upper, Files.createDirectory(place.resolve("work")));
        Mounts.overlay(new Overlay(List.of(lower), Optional.of(writes), owner), merged);
        try {
            if (owner.isEmpty()) {
                change(merged, upper);
            }
        } finally {
            Mounts.unmount(merged, true);
        }
    }

    private static void change(Path merged, Path upper) throws IOException {
        Files.delete(merged.resolve("file"));
        Files.delete(merged.resolve("directory/inside"));
        Files.delete(merged.resolve("directory"));
        Files.createDirectory(merged.resolve("directory"));
        if (!FileCalls.stat(Fd.CWD, Mounts.raw(upper.resolve("file"))).isWhiteout()) {
            throw new IOException("a file that is removed cannot be marked as gone");
        }
        Map<String, byte[]> marks = FileCalls.xattrs(Fd.CWD, Mounts.raw(upper.resolve("directory")));
        if (!new String(marks.getOrDefault(OPAQUE, new byte[0]), StandardCharsets.US_ASCII).equals("y")) {
            throw new IOException("a directory that is replaced cannot be marked so (attribute " + OPAQUE + ")");
        }
    }

    private static Problem problem(LinuxException failure, String type, boolean mapped) {
        String said = failure.call() + ": " + failure.errno();
        return switch (failure.errno()) {
            case EPERM, EACCES ->
                new Problem("this process may not mount an overlay (" + said + ")", "run as root with CAP_SYS_ADMIN");
            case ENODEV -> new Problem("this kernel has no overlayfs (" + said + ")", "modprobe overlay");
            case ENOSPC, EDQUOT -> new Problem("its disk is full (" + said + ")", "make room");
            case EIO -> new Problem("its disk reports errors (" + said + ")", "look into dmesg, and exchange the disk");
            default ->
                type.startsWith("overlay")
                        ? new Problem(
                                "it is on an overlayfs itself, as everything in a container is that is no volume ("
                                        + said + ")",
                                elsewhere())
                        : new Problem(
                                type + " does not take " + (mapped ? "id-mapped " : "") + "overlays (" + said + ")",
                                elsewhere() + (mapped ? ", or set userns to off" : ""));
        };
    }

    private static String elsewhere() {
        return "keep the data on ext4, XFS or btrfs: a disk, or a volume of the container";
    }

    /** The file system's name as the mount table has it. */
    public static String typeOf(Path path) {
        try {
            return Files.getFileStore(path).type();
        } catch (IOException e) {
            return "this file system";
        }
    }

    private static void clear(Path place) {
        try {
            FileCalls.removeTree(Fd.CWD, Mounts.raw(place));
        } catch (LinuxException e) {
            // It lies in a directory for unfinished work, which the next start empties; the finding counts.
        }
    }
}
