package io.contree.linux;

/** Changes of permission bits that never follow a link: {@code fchmodat2} (Linux 6.6), or a descriptor's /proc path. */
final class Modes {
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int MODE_BITS = 07777;

    private static volatile boolean newCall = true;

    private Modes() {}

    /** Makes this module act as on a kernel older than 6.6 (or again as on this one); for tests. */
    static void useNewCall(boolean use) {
        newCall = use;
    }

    static void change(Fd dir, String path, int mode) throws LinuxException {
        if (newCall) {
            try (CallMemory memory = CallMemory.take()) {
                long flags = AT_SYMLINK_NOFOLLOW | (path.isEmpty() ? AT_EMPTY_PATH : 0);
                long name = memory.path("fchmodat2", path);
                long result = Syscalls.call(memory, Call.FCHMODAT2, dir.number(), name, mode & MODE_BITS, flags);
                if (result != -Errno.ENOSYS.number()) {
                    Syscalls.check(result, "fchmodat2", path);
                    return;
                }
                newCall = false;
            }
        }
        if (path.isEmpty()) {
            throughProc(dir, path, mode);
            return;
        }
        int flags = FileCalls.PATH_ONLY | FileCalls.NO_FOLLOW;
        try (Fd file = FileCalls.open(dir, path, flags, 0, 0)) {
            throughProc(file, path, mode);
        }
    }

    private static void throughProc(Fd file, String path, int mode) throws LinuxException {
        if (FileCalls.stat(file, "").isSymlink()) {
            throw new LinuxException("fchmodat", path, Errno.EOPNOTSUPP.number());
        }
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("fchmodat", file.procPath());
            long result = Syscalls.call(memory, Call.FCHMODAT, Fd.CWD.number(), name, mode & MODE_BITS);
            Syscalls.check(result, "fchmodat", path);
        }
    }
}
