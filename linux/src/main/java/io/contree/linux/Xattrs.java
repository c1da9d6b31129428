package io.contree.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Extended attributes relative to a directory: the {@code *xattrat} calls of Linux 6.13, and before it the calls that
 * do not follow links on a path through {@code /proc/self/fd}. That path is also the only way to the attributes of a
 * descriptor that was opened as a path, so it serves all calls on a descriptor itself.
 */
final class Xattrs {
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    /** XATTR_SIZE_MAX and XATTR_LIST_MAX of limits.h. */
    private static final int MAX = 65_536;

    private static final long ARGS_SIZE = 16;
    /** The result where the relative calls are missing or cannot be used. */
    private static final long NOT_RELATIVE = -Errno.ENOSYS.number();

    private static volatile boolean relativeCalls = true;

    private Xattrs() {}

    /** Makes this module act as on a kernel older than 6.13 (or again as on this one); for tests. */
    static void useRelativeCalls(boolean use) {
        relativeCalls = use;
    }

    static Map<String, byte[]> all(Fd dir, String path) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long length = list(memory, dir, path);
            if (length == -Errno.EOPNOTSUPP.number() || length == 0) {
                return Map.of();
            }
            Syscalls.check(length, "listxattr", path);
            String names = new String(memory.heap((int) length), 0, (int) length, StandardCharsets.ISO_8859_1);
            Map<String, byte[]> attributes = new LinkedHashMap<>();
            for (String name : names.split("\0")) {
                long size = get(memory, dir, path, name);
                if (size != -Errno.ENODATA.number()) {
                    Syscalls.check(size, "getxattr(" + name + ")", path);
                    attributes.put(name, memory.data.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE));
                }
            }
            return attributes;
        }
    }

    static void set(Fd dir, String path, String name, byte[] value) throws LinuxException {
        String call = "setxattr(" + name + ")";
        if (value.length > MAX) {
            throw new LinuxException(call, path, Errno.E2BIG.number());
        }
        try (CallMemory memory = CallMemory.take()) {
            MemorySegment.copy(value, 0, memory.data, ValueLayout.JAVA_BYTE, 0, value.length);
            long key = memory.secondPath(call, name);
            long result = relative(memory, Call.SETXATTRAT, dir, path, key, args(memory, value.length), ARGS_SIZE);
            if (result == NOT_RELATIVE) {
                Call old = path.isEmpty() ? Call.SETXATTR : Call.LSETXATTR;
                result = Syscalls.call(
                        memory, old, procPath(memory, dir, path), key, memory.data.address(), value.length, 0);
            }
            Syscalls.check(result, call, path);
        }
    }

    static void remove(Fd dir, String path, String name) throws LinuxException {
        String call = "removexattr(" + name + ")";
        try (CallMemory memory = CallMemory.take()) {
            long key = memory.secondPath(call, name);
            long result = relative(memory, Call.REMOVEXATTRAT, dir, path, key, 0, 0);
            if (result == NOT_RELATIVE) {
                Call old = path.isEmpty() ? Call.REMOVEXATTR : Call.LREMOVEXATTR;
                result = Syscalls.call(memory, old, procPath(memory, dir, path), key);
            }
            Syscalls.check(result, call, path);
        }
    }

    private static long list(CallMemory memory, Fd dir, String path) throws LinuxException {
        long result = relative(memory, Call.LISTXATTRAT, dir, path, memory.data.address(), MAX, 0);
        if (result != NOT_RELATIVE) {
            return result;
        }
        Call old = path.isEmpty() ? Call.LISTXATTR : Call.LLISTXATTR;
        return Syscalls.call(memory, old, procPath(memory, dir, path), memory.data.address(), MAX);
    }

    private static long get(CallMemory memory, Fd dir, String path, String name) throws LinuxException {
        long key = memory.secondPath("getxattr", name);
        long result = relative(memory, Call.GETXATTRAT, dir, path, key, args(memory, MAX), ARGS_SIZE);
        if (result != NOT_RELATIVE) {
            return result;
        }
        Call old = path.isEmpty() ? Call.GETXATTR : Call.LGETXATTR;
        return Syscalls.call(memory, old, procPath(memory, dir, path), key, memory.data.address(), MAX);
    }

    /** A relative call; once one is missing from the kernel, none is tried again. */
    private static long relative(CallMemory memory, Call call, Fd dir, String path, long a, long b, long c)
            throws LinuxException {
        if (!relativeCalls || path.isEmpty()) {
            return NOT_RELATIVE;
        }
        long name = memory.path("xattr", path);
        long result = Syscalls.call(memory, call, dir.number(), name, AT_SYMLINK_NOFOLLOW, a, b, c);
        if (result == NOT_RELATIVE) {
            relativeCalls = false;
        }
        return result;
    }

    /** {@code struct xattr_args} of linux/xattr.h: u64 address of the value, u32 size, u32 flags. */
    private static long args(CallMemory memory, int size) {
        memory.struct.set(ValueLayout.JAVA_LONG, 0, memory.data.address());
        memory.struct.set(ValueLayout.JAVA_INT, 8, size);
        memory.struct.set(ValueLayout.JAVA_INT, 12, 0);
        return memory.struct.address();
    }

    private static long procPath(CallMemory memory, Fd dir, String path) throws LinuxException {
        boolean plain = path.startsWith("/") || dir.number() == Fd.CWD.number();
        return memory.path("xattr", plain ? path : path.isEmpty() ? dir.procPath() : dir.procPath() + "/" + path);
    }
}
