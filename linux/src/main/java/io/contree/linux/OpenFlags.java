package io.contree.linux;

import java.lang.foreign.ValueLayout;

/** {@code openat2(2)} and the translation of its flags to this architecture. */
final class OpenFlags {
    // Shared by x86-64 and arm64: include/uapi/asm-generic/fcntl.h.
    private static final int O_WRONLY = 0x1;
    private static final int O_RDWR = 0x2;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_NOCTTY = 0x100;
    private static final int O_TRUNC = 0x200;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;

    /** {@code struct open_how} of linux/openat2.h: u64 flags, u64 mode, u64 resolve. */
    private static final int HOW_SIZE = 24;

    private static final int MODE_BITS = 07777;
    /** A rename elsewhere can spoil a look-up that must stay in a root; the kernel asks to try again. */
    private static final int ATTEMPTS = 64;

    private OpenFlags() {}

    static Fd open(Fd dir, String path, int flags, int mode, long resolve) throws LinuxException {
        boolean creates = (flags & FileCalls.CREATE) != 0;
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("openat2", path);
            memory.struct.set(ValueLayout.JAVA_LONG, 0, kernelFlags(flags, Architecture.CURRENT));
            memory.struct.set(ValueLayout.JAVA_LONG, 8, creates ? mode & MODE_BITS : 0);
            memory.struct.set(ValueLayout.JAVA_LONG, 16, resolve);
            long result = -Errno.EAGAIN.number();
            for (int i = 0; i < ATTEMPTS && result == -Errno.EAGAIN.number(); i++) {
                result = Syscalls.call(memory, Call.OPENAT2, dir.number(), name, memory.struct.address(), HOW_SIZE);
            }
            return new Fd((int) Syscalls.check(result, "openat2", path));
        }
    }

    static long kernelFlags(int flags, Architecture architecture) {
        // openat2 refuses any other flag together with O_PATH.
        int kernel = O_CLOEXEC
                | bit(flags, FileCalls.DIRECTORY, architecture.directoryFlag)
                | bit(flags, FileCalls.NO_FOLLOW, architecture.noFollowFlag);
        if ((flags & FileCalls.PATH_ONLY) != 0) {
            return kernel | O_PATH;
        }
        return kernel
                | O_NOCTTY
                | O_NONBLOCK
                | bit(flags, FileCalls.WRITE, O_WRONLY)
                | bit(flags, FileCalls.READ_WRITE, O_RDWR)
                | bit(flags, FileCalls.CREATE, O_CREAT)
                | bit(flags, FileCalls.EXCLUSIVE, O_EXCL)
                | bit(flags, FileCalls.TRUNCATE, O_TRUNC);
    }

    private static int bit(int flags, int flag, int kernel) {
        return (flags & flag) == 0 ? 0 : kernel;
    }
}
