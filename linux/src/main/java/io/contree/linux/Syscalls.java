package io.contree.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one downcall, libc's {@code syscall(2)}, with its errno: the only place with a foreign-function handle. A failed
 * call returns the negated errno; EINTR is never returned: the call is repeated.
 */
final class Syscalls {
    static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();

    private static final long ERRNO_OFFSET = ERRNO_LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final int EINTR = Errno.EINTR.number();
    private static final MethodHandle SYSCALL = syscall();

    private Syscalls() {}

    private static MethodHandle syscall() {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(1));
    }

    /** Closes a descriptor; an error is of no use to anyone and never retried, the descriptor is gone in any case. */
    static void close(int fd) {
        try (CallMemory memory = CallMemory.take()) {
            invoke(memory.errno, Call.CLOSE.number(), fd, 0, 0, 0, 0, 0);
        }
    }

    static long call(CallMemory memory, Call call) {
        return call(memory, call, 0, 0, 0, 0, 0, 0);
    }

    static long call(CallMemory memory, Call call, long a) {
        return call(memory, call, a, 0, 0, 0, 0, 0);
    }

    static long call(CallMemory memory, Call call, long a, long b) {
        return call(memory, call, a, b, 0, 0, 0, 0);
    }

    static long call(CallMemory memory, Call call, long a, long b, long c) {
        return call(memory, call, a, b, c, 0, 0, 0);
    }

    static long call(CallMemory memory, Call call, long a, long b, long c, long d) {
        return call(memory, call, a, b, c, d, 0, 0);
    }

    static long call(CallMemory memory, Call call, long a, long b, long c, long d, long e) {
        return call(memory, call, a, b, c, d, e, 0);
    }

    static long call(CallMemory memory, Call call, long a, long b, long c, long d, long e, long f) {
        while (true) {
            long result = invoke(memory.errno, call.number(), a, b, c, d, e, f);
            if (result != -1) {
                return result;
            }
            int errno = memory.errno.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
            if (errno != EINTR) {
                return -errno;
            }
        }
    }

    /** The result of a call that must have worked, or the exception that says what failed. */
    static long check(long result, String call, String path) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(call, path, (int) -result);
        }
        return result;
    }

    private static long invoke(MemorySegment errno, long number, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
        } catch (Error | RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall throws no checked exception", impossible);
        }
    }
}
