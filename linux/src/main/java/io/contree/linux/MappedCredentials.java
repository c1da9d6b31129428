package io.contree.linux;

/**
 * Runs calls as another file system user while all capabilities stay. Overlayfs keeps the credentials of its creator
 * for what it does in the upper layer; over id-mapped layers they must be ids that the mapping knows, or the kernel
 * cannot say who owns a new file and mounts read-only. File system ids and securebits belong to a thread, so this
 * happens on threads of its own, with raw calls, and never touches the process.
 */
final class MappedCredentials {
    private static final int PR_SET_SECUREBITS = 28;
    /** SECBIT_NO_SETUID_FIXUP: leaving uid 0 takes no capability away. */
    private static final int NO_SETUID_FIXUP = 1 << 2;

    private static final int ROOT = 0;

    private static final CallThreads THREADS = new CallThreads("linux-mapped-", MappedCredentials::keepCapabilities);

    private MappedCredentials() {}

    static void run(IdMapping mapping, CallThreads.Task task) throws LinuxException {
        int id = mapping.toHost(ROOT);
        THREADS.run(() -> {
            become(id);
            try {
                return task.run();
            } finally {
                become(ROOT);
            }
        });
    }

    private static void become(int id) {
        try (CallMemory memory = CallMemory.take()) {
            Syscalls.call(memory, Call.SETFSGID, id);
            Syscalls.call(memory, Call.SETFSUID, id);
        }
    }

    private static void keepCapabilities() {
        try (CallMemory memory = CallMemory.take()) {
            // Without CAP_SETPCAP this fails, and so does the mount that follows, which says more.
            Syscalls.call(memory, Call.PRCTL, PR_SET_SECUREBITS, NO_SETUID_FIXUP);
        }
    }
}
