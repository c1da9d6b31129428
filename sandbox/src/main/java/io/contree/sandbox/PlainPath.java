package io.contree.sandbox;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at files of a root file system without following any symbolic link: the image's links are not to be trusted, and
 * where the runtime follows them it would mount, or make mount points, where nobody meant.
 */
final class PlainPath {
    private static final Set<Errno> ABSENT = Set.of(Errno.ENOENT, Errno.ELOOP, Errno.ENOTDIR);

    private static final long RESOLVE = FileCalls.RESOLVE_NO_SYMLINKS | FileCalls.RESOLVE_BENEATH;

    private PlainPath() {}

    /** What lies at a path relative to the root; empty if nothing does or a link is on the way or at the end. */
    static Optional<Stat> stat(Path root, String path) throws IOException {
        int flags = FileCalls.PATH_ONLY | FileCalls.NO_FOLLOW;
        try (Fd top = top(root)) {
            return stat(top, path, flags);
        }
    }

    /**
     * Opens a directory at a path relative to the root.
     *
     * @throws LinuxException if none is there, or a link is on the way or at the end
     */
    static Fd directory(Path root, String path) throws IOException {
        int flags = FileCalls.PATH_ONLY | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW;
        try (Fd top = top(root)) {
            return FileCalls.open(top, path, flags, 0, RESOLVE);
        }
    }

    private static Fd top(Path root) throws IOException {
        return FileCalls.open(Fd.CWD, RuntimeDirectory.raw(root), FileCalls.PATH_ONLY | FileCalls.DIRECTORY, 0, 0);
    }

    private static Optional<Stat> stat(Fd top, String path, int flags) throws IOException {
        try (Fd file = FileCalls.open(top, path, flags, 0, RESOLVE)) {
            return Optional.of(FileCalls.stat(file, ""));
        } catch (LinuxException e) {
            if (ABSENT.contains(e.errno())) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
