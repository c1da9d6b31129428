package io.contree.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A lock of an open file description ({@code F_OFD_SETLK}) on bytes of a file. It ends when this is closed or the process ends,
 * and only then: a classic lock, which {@link java.nio.channels.FileLock} and SQLite take, goes when the process closes any
 * descriptor of the file. Both kinds see each other, in other processes and in this one.
 */
public final class OpenFileLock implements AutoCloseable {
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;

    private final Fd file;

    private OpenFileLock(Fd file) {
        this.file = file;
    }

    /** Locks a whole file exclusively; empty if somebody has a lock on it. The file is made if missing, and is 0600 afterwards. */
    public static Optional<OpenFileLock> exclusive(Path path) throws LinuxException {
        Fd file = open(path, FileCalls.READ_WRITE | FileCalls.CREATE);
        try {
            FileCalls.chmod(file, "", 0600);
            return take(file, F_WRLCK, 0, 0);
        } catch (LinuxException e) {
            file.close();
            throw e;
        }
    }

    /** Keeps others from an exclusive lock on bytes of a file that is there; empty if somebody has one. */
    public static Optional<OpenFileLock> shared(Path path, long start, long length) throws LinuxException {
        return take(open(path, FileCalls.READ_WRITE), F_RDLCK, start, length);
    }

    private static Fd open(Path path, int flags) throws LinuxException {
        return FileCalls.open(Fd.CWD, Mounts.raw(path), flags | FileCalls.NO_FOLLOW, 0600, 0);
    }

    /** @param length 0 for all that follows */
    private static Optional<OpenFileLock> take(Fd file, short type, long start, long length) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            // struct flock: s16 type, s16 whence, s64 start, s64 length, s32 pid, which must be 0
            MemorySegment lock = memory.struct;
            lock.asSlice(0, 32).fill((byte) 0);
            lock.set(ValueLayout.JAVA_SHORT, 0, type);
            lock.set(ValueLayout.JAVA_LONG, 8, start);
            lock.set(ValueLayout.JAVA_LONG, 16, length);
            long result = Syscalls.call(memory, Call.FCNTL, file.number(), F_OFD_SETLK, lock.address());
            if (result == -Errno.EAGAIN.number() || result == -Errno.EACCES.number()) {
                file.close();
                return Optional.empty();
            }
            Syscalls.check(result, "fcntl(F_OFD_SETLK)", "");
            return Optional.of(new OpenFileLock(file));
        } catch (LinuxException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
