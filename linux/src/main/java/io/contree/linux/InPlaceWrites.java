package io.contree.linux;

import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files whose blocks are written over where they are, also by a file system that usually writes elsewhere (FS_NOCOW_FL: btrfs). A
 * page of one that is mapped can be written on a full disk, once it has blocks; of another that ends the process with SIGBUS.
 */
public final class InPlaceWrites {
    /** FS_IOC_GETFLAGS and FS_IOC_SETFLAGS of linux/fs.h: _IOR('f', 1, long), _IOW('f', 2, long). */
    private static final long GET_FLAGS = 0x8008_6601L;

    private static final long SET_FLAGS = 0x4008_6602L;
    private static final int NO_COPY = 0x0080_0000;
    private static final Set<Errno> NEEDLESS = EnumSet.of(Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.EINVAL);

    private InPlaceWrites() {}

    /** Sets it for an empty file; does nothing where the file system knows of no difference. */
    public static void set(Fd file) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            memory.struct.set(ValueLayout.JAVA_LONG, 0, flags(memory, file) | NO_COPY);
            long result = Syscalls.call(memory, Call.IOCTL, file.number(), SET_FLAGS, memory.struct.address());
            Syscalls.check(result, "ioctl(FS_IOC_SETFLAGS)", "");
        } catch (LinuxException e) {
            if (!NEEDLESS.contains(e.errno())) {
                throw e;
            }
        }
    }

    /** Whether it is set. */
    public static boolean isSet(Fd file) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            return (flags(memory, file) & NO_COPY) != 0;
        }
    }

    private static int flags(CallMemory memory, Fd file) throws LinuxException {
        memory.struct.set(ValueLayout.JAVA_LONG, 0, 0);
        long result = Syscalls.call(memory, Call.IOCTL, file.number(), GET_FLAGS, memory.struct.address());
        Syscalls.check(result, "ioctl(FS_IOC_GETFLAGS)", "");
        return memory.struct.get(ValueLayout.JAVA_INT, 0);
    }
}
