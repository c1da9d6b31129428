package io.contree.sandbox.oci;

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
 * Looks at files of a root file system without following any symbolic link, unless it says so: the image's links are not to be
 * trusted, and a runtime that followed them would mount, or make mount points, where nobody meant it to.
 */
final class PlainPath {
    private static final Set<Errno> ABSENT = Set.of(Errno.ENOENT, Errno.ELOOP, Errno.ENOTDIR);

    private static final long RESOLVE = FileCalls.RESOLVE_NO_SYMLINKS | FileCalls.RESOLVE_BENEATH;

    private PlainPath() {}

    /** What lies at a path relative to the root; empty if nothing does, or if a link is on the way or at the end. */
    static Optional<Stat> stat(Path root, String path) throws IOException {
        int flags = FileCalls.PATH_ONLY | FileCalls.NO_FOLLOW;
        try (Fd top = FileCalls.open(root, FileCalls.PATH_ONLY | FileCalls.DIRECTORY)) {
            return stat(top, path, flags);
        }
    }

    /**
     * Opens a directory at a path relative to the root. Links of the image are followed here, as a process follows them whose
     * root it is.
     *
     * @throws LinuxException if none is there
     */
    static Fd directoryInside(Path root, String path) throws LinuxException {
        long resolve = FileCalls.RESOLVE_IN_ROOT | FileCalls.RESOLVE_NO_MAGICLINKS;
        try (Fd top = FileCalls.open(root, FileCalls.PATH_ONLY | FileCalls.DIRECTORY)) {
            return FileCalls.open(top, path, FileCalls.PATH_ONLY | FileCalls.DIRECTORY, 0, resolve);
        }
    }

    /** True if a call failed because nothing is there. */
    static boolean isAbsence(LinuxException failure) {
        return ABSENT.contains(failure.errno());
    }

    private static Optional<Stat> stat(Fd top, String path, int flags) throws IOException {
        try (Fd file = FileCalls.open(top, path, flags, 0, RESOLVE)) {
            return Optional.of(FileCalls.stat(file, ""));
        } catch (LinuxException e) {
            if (isAbsence(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
