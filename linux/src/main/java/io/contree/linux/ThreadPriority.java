package io.contree.linux;

/** How much of the processors a thread gets when others want them too. */
public final class ThreadPriority {
    private static final int PRIO_PROCESS = 0;
    private static final int NICE = 10;

    private ThreadPriority() {}

    /** Lets the calling platform thread step back behind those of this process. For ever, as only root could undo it. */
    public static void lower() throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            // To Linux a thread is a process here, and 0 is the calling one.
            Syscalls.check(Syscalls.call(memory, Call.SETPRIORITY, PRIO_PROCESS, 0, NICE), "setpriority", "");
        }
    }
}
