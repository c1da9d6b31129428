package io.contree.linux;

import java.util.List;
import java.util.Map;

/**
 * File system calls relative to a directory descriptor. Names and paths are raw (see {@code package-info}); an absolute
 * path ignores the directory. None of them follows a symbolic link in the last component unless it says so.
 */
public final class FileCalls {
    /** {@code openat2} resolve flag: the directory is the root for {@code ..}, absolute paths and absolute links. */
    public static final long RESOLVE_IN_ROOT = 0x10;
    /** {@code openat2} resolve flag: no symbolic link anywhere. */
    public static final long RESOLVE_NO_SYMLINKS = 0x04;
    /** {@code openat2} resolve flag: no magic link such as {@code /proc/self/fd/N}. */
    public static final long RESOLVE_NO_MAGICLINKS = 0x02;
    /** {@code openat2} resolve flag: never above the directory. */
    public static final long RESOLVE_BENEATH = 0x08;
    /** {@code openat2} resolve flag: never onto another mount. */
    public static final long RESOLVE_NO_XDEV = 0x01;

    // x86-64 and arm64 differ in O_DIRECTORY and O_NOFOLLOW; FileCalls translates these names.
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int CREATE = 1 << 8;
    public static final int EXCLUSIVE = 1 << 9;
    public static final int TRUNCATE = 1 << 10;
    public static final int DIRECTORY = 1 << 11;
    public static final int NO_FOLLOW = 1 << 12;
    public static final int PATH_ONLY = 1 << 13;

    private FileCalls() {}

    /** One name of a directory and the type bits that the directory knows (0 where it does not). */
    public record Entry(String name, int type) {}

    /** {@code openat2(2)}, close-on-exec always; {@code flags} are the constants of this class or-ed. */
    public static Fd open(Fd dir, String path, int flags, int mode, long resolve) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** {@code statx(2)} with AT_SYMLINK_NOFOLLOW; an empty path means the descriptor itself. */
    public static Stat stat(Fd dir, String path) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** The names in an open directory without {@code .} and {@code ..}, in no order. Reads from the start each time. */
    public static List<Entry> list(Fd dir) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** The raw target of a symbolic link. */
    public static String readLink(Fd dir, String path) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    public static void makeDirectory(Fd dir, String path, int mode) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** {@code mknodat(2)}: {@code mode} has the type bits. */
    public static void makeNode(Fd dir, String path, int mode, int major, int minor) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    public static void makeSymlink(String target, Fd dir, String path) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** {@code linkat(2)} without following. */
    public static void link(Fd fromDir, String from, Fd toDir, String to) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** {@code unlinkat(2)}; {@code directory} for an empty directory. */
    public static void unlink(Fd dir, String path, boolean directory) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** {@code renameat2(2)}; {@code replace} false is RENAME_NOREPLACE. */
    public static void rename(Fd fromDir, String from, Fd toDir, String to, boolean replace) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    public static void chown(Fd dir, String path, int uid, int gid) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Permission bits of a file that is no symbolic link. */
    public static void chmod(Fd dir, String path, int mode) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Sets atime and mtime to one instant, of a symbolic link itself too. */
    public static void setTimes(Fd dir, String path, long nanos) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Extended attributes by raw name; empty where the file system has none. Never follows a link. */
    public static Map<String, byte[]> xattrs(Fd dir, String path) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    public static void setXattr(Fd dir, String path, String name, byte[] value) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    public static void removeXattr(Fd dir, String path, String name) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Reads up to {@code length} bytes at {@code position} (-1: at the descriptor's own position); 0 at the end. */
    public static int read(Fd file, byte[] buffer, int offset, int length, long position) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Writes all bytes, at {@code position} or, for -1, at the descriptor's own. */
    public static void write(Fd file, byte[] buffer, int offset, int length, long position) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    public static void truncate(Fd file, long size) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** The next data range at or after an offset (SEEK_DATA, SEEK_HOLE): {@code {start, end}}, empty past the last. */
    public static long[] nextData(Fd file, long offset, long size) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Copies a whole file: FICLONE where the file system can, else a copy that keeps holes. True if it was cloned. */
    public static boolean copy(Fd from, Fd to) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    public static void fsync(Fd file) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** {@code syncfs(2)}: the whole file system that the descriptor is on. */
    public static void syncFileSystem(Fd any) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Removes a file or a whole tree without following links or leaving the file system; absent is no error. */
    public static void removeTree(Fd dir, String path) throws LinuxException {
        throw new UnsupportedOperationException();
    }
}
