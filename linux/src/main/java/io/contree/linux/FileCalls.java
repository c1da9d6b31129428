package io.contree.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * File system calls relative to a directory descriptor. Names and paths are raw (see {@code package-info}); an absolute
 * path ignores the directory. None of them follows a symbolic link in the last component unless it says so. Where a
 * call says that an empty path means the descriptor itself, the descriptor may be one opened with {@link #PATH_ONLY}.
 * Modes of new files are subject to the umask; {@link #chmod} is not. Safe for use from virtual threads: calls that may
 * wait long for a disk run on a platform thread.
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

    // x86-64 and arm64 differ in O_DIRECTORY and O_NOFOLLOW; OpenFlags translates these names.
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int READ_WRITE = 1 << 1;
    public static final int CREATE = 1 << 8;
    public static final int EXCLUSIVE = 1 << 9;
    public static final int TRUNCATE = 1 << 10;
    public static final int DIRECTORY = 1 << 11;
    public static final int NO_FOLLOW = 1 << 12;
    public static final int PATH_ONLY = 1 << 13;

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int RENAME_NOREPLACE = 1;

    private FileCalls() {}

    /** One name of a directory and the type bits that the directory knows (0 where it does not). */
    public record Entry(String name, int type) {}

    /**
     * {@code openat2(2)}, close-on-exec always; {@code flags} are the constants of this class or-ed. Follows a link in
     * the last component unless {@link #NO_FOLLOW} is given. Never waits for the other end of a FIFO.
     */
    public static Fd open(Fd dir, String path, int flags, int mode, long resolve) throws LinuxException {
        return OpenFlags.open(dir, path, flags, mode, resolve);
    }

    /** As above, of a path of this machine and without restrictions; not for new files. */
    public static Fd open(Path path, int flags) throws LinuxException {
        return open(Fd.CWD, RawPath.of(path).raw(), flags, 0, 0);
    }

    /** {@code statx(2)} with AT_SYMLINK_NOFOLLOW; an empty path means the descriptor itself. */
    public static Stat stat(Fd dir, String path) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            Syscalls.check(Statx.call(memory, dir, path), "statx", path);
            return Statx.read(memory.struct);
        }
    }

    /** As {@link #stat}, empty if there is no such file: cheaper than catching ENOENT. */
    public static Optional<Stat> statIfPresent(Fd dir, String path) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long result = Statx.call(memory, dir, path);
            if (result == -Errno.ENOENT.number() || result == -Errno.ENOTDIR.number()) {
                return Optional.empty();
            }
            Syscalls.check(result, "statx", path);
            return Optional.of(Statx.read(memory.struct));
        }
    }

    /** The names in an open directory without {@code .} and {@code ..}, in no order. Reads from the start each time. */
    public static List<Entry> list(Fd dir) throws LinuxException {
        return Getdents.all(dir);
    }

    /** As {@link #list}, entry by entry as the directory is read, until one is not taken. */
    public static void list(Fd dir, Predicate<Entry> take) throws LinuxException {
        Getdents.each(dir, take);
    }

    /** The target of a symbolic link; an empty path means the descriptor itself. */
    public static RawPath readLink(Fd dir, String path) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("readlinkat", path);
            long result = Syscalls.call(
                    memory, Call.READLINKAT, dir.number(), name, memory.data.address(), CallMemory.DATA_SIZE);
            Syscalls.check(result, "readlinkat", path);
            return RawPath.of(memory.data.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    public static void makeDirectory(Fd dir, String path, int mode) throws LinuxException {
        onPath(Call.MKDIRAT, "mkdirat", dir, path, mode, 0);
    }

    /** {@code mknodat(2)}: {@code mode} has the type bits. */
    public static void makeNode(Fd dir, String path, int mode, int major, int minor) throws LinuxException {
        // new_encode_dev of linux/kdev_t.h
        int device = (minor & 0xFF) | (major << 8) | ((minor & ~0xFF) << 12);
        onPath(Call.MKNODAT, "mknodat", dir, path, mode, Integer.toUnsignedLong(device));
    }

    public static void makeSymlink(String target, Fd dir, String path) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long from = memory.path("symlinkat", target);
            long to = memory.secondPath("symlinkat", path);
            Syscalls.check(Syscalls.call(memory, Call.SYMLINKAT, from, dir.number(), to), "symlinkat", path);
        }
    }

    /** {@code linkat(2)} without following; an empty {@code from} means the descriptor itself and needs root. */
    public static void link(Fd fromDir, String from, Fd toDir, String to) throws LinuxException {
        twoPaths(Call.LINKAT, "linkat", fromDir, from, toDir, to, from.isEmpty() ? AT_EMPTY_PATH : 0);
    }

    /** {@code unlinkat(2)}; {@code directory} for an empty directory. */
    public static void unlink(Fd dir, String path, boolean directory) throws LinuxException {
        onPath(Call.UNLINKAT, "unlinkat", dir, path, directory ? AT_REMOVEDIR : 0, 0);
    }

    /** {@code renameat2(2)}; {@code replace} false is RENAME_NOREPLACE. */
    public static void rename(Fd fromDir, String from, Fd toDir, String to, boolean replace) throws LinuxException {
        twoPaths(Call.RENAMEAT2, "renameat2", fromDir, from, toDir, to, replace ? 0 : RENAME_NOREPLACE);
    }

    /** As above, of paths of this machine. */
    public static void rename(Path from, Path to, boolean replace) throws LinuxException {
        rename(Fd.CWD, RawPath.of(from).raw(), Fd.CWD, RawPath.of(to).raw(), replace);
    }

    /** {@code fchownat(2)}, of a link itself too; an empty path means the descriptor itself, an id of -1 stays. */
    public static void chown(Fd dir, String path, int uid, int gid) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("fchownat", path);
            long result = Syscalls.call(memory, Call.FCHOWNAT, dir.number(), name, uid, gid, noFollow(path));
            Syscalls.check(result, "fchownat", path);
        }
    }

    /** Permission bits of a file; not of a symbolic link (EOPNOTSUPP); an empty path means the descriptor itself. */
    public static void chmod(Fd dir, String path, int mode) throws LinuxException {
        Modes.change(dir, path, mode);
    }

    /** Sets atime and mtime to one instant, of a symbolic link itself too; an empty path means the descriptor itself. */
    public static void setTimes(Fd dir, String path, long nanos) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            Statx.writeTimes(memory.struct, nanos);
            long name = memory.path("utimensat", path);
            long result =
                    Syscalls.call(memory, Call.UTIMENSAT, dir.number(), name, memory.struct.address(), noFollow(path));
            Syscalls.check(result, "utimensat", path);
        }
    }

    /** Extended attributes by raw name; empty where the file system has none. An empty path means the descriptor. */
    public static Map<String, byte[]> xattrs(Fd dir, String path) throws LinuxException {
        return Xattrs.all(dir, path);
    }

    public static void setXattr(Fd dir, String path, String name, byte[] value) throws LinuxException {
        Xattrs.set(dir, path, name, value);
    }

    public static void removeXattr(Fd dir, String path, String name) throws LinuxException {
        Xattrs.remove(dir, path, name);
    }

    /**
     * Reads up to {@code length} bytes at {@code position} (-1: at the descriptor's own position); 0 at the end. May
     * read less; 128 KiB at most.
     */
    public static int read(Fd file, byte[] buffer, int offset, int length, long position) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long address = memory.data.address();
            int wanted = Math.min(length, CallMemory.DATA_SIZE);
            long result = position < 0
                    ? Syscalls.call(memory, Call.READ, file.number(), address, wanted)
                    : Syscalls.call(memory, Call.PREAD64, file.number(), address, wanted, position);
            int read = (int) Syscalls.check(result, "read", "");
            MemorySegment.copy(memory.data, ValueLayout.JAVA_BYTE, 0, buffer, offset, read);
            return read;
        }
    }

    /** Writes all bytes, at {@code position} or, for -1, at the descriptor's own. */
    public static void write(Fd file, byte[] buffer, int offset, int length, long position) throws LinuxException {
        // The kernel makes writers wait when the disk does not keep up.
        CallThreads.unpinned(() -> {
            writeHere(file, buffer, offset, length, position);
            return 0;
        });
    }

    private static void writeHere(Fd file, byte[] buffer, int offset, int length, long position) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            int done = 0;
            while (done < length) {
                int chunk = Math.min(length - done, CallMemory.DATA_SIZE);
                MemorySegment.copy(buffer, offset + done, memory.data, ValueLayout.JAVA_BYTE, 0, chunk);
                long address = memory.data.address();
                long result = position < 0
                        ? Syscalls.call(memory, Call.WRITE, file.number(), address, chunk)
                        : Syscalls.call(memory, Call.PWRITE64, file.number(), address, chunk, position + done);
                done += (int) Syscalls.check(result, "write", "");
            }
        }
    }

    public static void truncate(Fd file, long size) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            Syscalls.check(Syscalls.call(memory, Call.FTRUNCATE, file.number(), size), "ftruncate", "");
        }
    }

    /**
     * The next data range at or after an offset (SEEK_DATA, SEEK_HOLE): {@code {start, end}}, empty past the last.
     * Moves the descriptor's own position.
     */
    public static long[] nextData(Fd file, long offset, long size) throws LinuxException {
        return FileCopier.nextData(file, offset, size);
    }

    /**
     * Replaces the content of a file with that of another: by FICLONE where the file system can, else by a copy that keeps
     * holes. True if it was cloned.
     *
     * @param between runs before each piece of 64 MiB or less; what it throws ends the copy
     */
    public static boolean copy(Fd from, Fd to, Runnable between) throws LinuxException {
        return CallThreads.unpinned(() -> FileCopier.copy(from, to, between) ? 1 : 0) == 1;
    }

    /** As above, without interruption. */
    public static boolean copy(Fd from, Fd to) throws LinuxException {
        return copy(from, to, () -> {});
    }

    /**
     * Copies the data of a part of a file to another place of another, without its holes: what is there at their places stays. Blocks
     * are shared where the file system can and both places are multiples of its block size.
     *
     * @param between as for {@link #copy(Fd, Fd, Runnable)}
     */
    public static void copyPart(Fd from, long start, long length, Fd to, long target, Runnable between)
            throws LinuxException {
        CallThreads.unpinned(() -> {
            FileCopier.copyPart(from, start, length, to, target, between);
            return 0;
        });
    }

    public static void fsync(Fd file) throws LinuxException {
        CallThreads.unpinned(() -> onFd(Call.FSYNC, "fsync", file));
    }

    /** {@code syncfs(2)}: the whole file system that the descriptor is on. */
    public static void syncFileSystem(Fd any) throws LinuxException {
        CallThreads.unpinned(() -> onFd(Call.SYNCFS, "syncfs", any));
    }

    /**
     * Removes a file or a whole tree of any depth without following links or leaving the mount; does nothing if it does not exist.
     * Where something cannot be removed (a mount point in the tree: EXDEV) the rest is, as far as it can be reached,
     * and then the first failure is thrown.
     */
    public static void removeTree(Fd dir, String path) throws LinuxException {
        CallThreads.unpinned(() -> {
            TreeRemover.remove(dir, path);
            return 0;
        });
    }

    /** As above, of a path of this machine. */
    public static void removeTree(Path path) throws LinuxException {
        removeTree(Fd.CWD, RawPath.of(path).raw());
    }

    private static long onFd(Call call, String name, Fd file) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            return Syscalls.check(Syscalls.call(memory, call, file.number()), name, "");
        }
    }

    private static void onPath(Call call, String name, Fd dir, String path, long a, long b) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long address = memory.path(name, path);
            Syscalls.check(Syscalls.call(memory, call, dir.number(), address, a, b), name, path);
        }
    }

    private static void twoPaths(Call call, String name, Fd fromDir, String from, Fd toDir, String to, long flags)
            throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long source = memory.path(name, from);
            long target = memory.secondPath(name, to);
            long result = Syscalls.call(memory, call, fromDir.number(), source, toDir.number(), target, flags);
            Syscalls.check(result, name, from + " -> " + to);
        }
    }

    private static long noFollow(String path) {
        return AT_SYMLINK_NOFOLLOW | (path.isEmpty() ? AT_EMPTY_PATH : 0);
    }
}
