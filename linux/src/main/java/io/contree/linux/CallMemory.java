package io.contree.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The native memory of one system call: errno, two paths, a small structure and a data buffer. Taken from a pool and
 * given back by {@link #close}, so that calls allocate nothing and virtual threads need no memory of their own. The
 * pool holds as many as calls were ever under way at once.
 */
final class CallMemory implements AutoCloseable {
    /** Size of {@link #data}. */
    static final int DATA_SIZE = 128 * 1024;
    /** Longest path with its NUL, as in the kernel. */
    static final int PATH_MAX = 4096;

    private static final int STRUCT_SIZE = 512;
    private static final ConcurrentLinkedQueue<CallMemory> POOL = new ConcurrentLinkedQueue<>();

    /** Where a call leaves errno. */
    final MemorySegment errno;
    /** For structures of up to 512 bytes. */
    final MemorySegment struct;
    /** For file data, directory entries and extended attributes. */
    final MemorySegment data;

    private final MemorySegment first;
    private final MemorySegment second;
    private final byte[] heap = new byte[DATA_SIZE];

    private CallMemory() {
        MemorySegment all = Arena.global().allocate(STRUCT_SIZE * 2L + PATH_MAX * 2L + DATA_SIZE, 64);
        this.errno = all.asSlice(0, Syscalls.ERRNO_LAYOUT);
        this.struct = all.asSlice(STRUCT_SIZE, STRUCT_SIZE);
        this.first = all.asSlice(STRUCT_SIZE * 2L, PATH_MAX);
        this.second = all.asSlice(STRUCT_SIZE * 2L + PATH_MAX, PATH_MAX);
        this.data = all.asSlice(STRUCT_SIZE * 2L + PATH_MAX * 2L, DATA_SIZE);
    }

    static CallMemory take() {
        CallMemory pooled = POOL.poll();
        return pooled == null ? new CallMemory() : pooled;
    }

    /** Puts a raw path into the first slot and returns its address. */
    long path(String call, String raw) throws LinuxException {
        return put(first, call, raw);
    }

    /** Puts a second raw path, or an attribute's name, beside the first and returns its address. */
    long secondPath(String call, String raw) throws LinuxException {
        return put(second, call, raw);
    }

    /** The first bytes of {@link #data} on the heap, in an array that is valid until {@link #close}. */
    byte[] heap(int length) {
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, heap, 0, length);
        return heap;
    }

    @Override
    public void close() {
        POOL.offer(this);
    }

    private static long put(MemorySegment slot, String call, String raw) throws LinuxException {
        int length = raw.length();
        if (length >= PATH_MAX) {
            throw new LinuxException(call, raw, Errno.ENAMETOOLONG.number());
        }
        for (int i = 0; i < length; i++) {
            char c = raw.charAt(i);
            if (c == 0 || c > 0xFF) {
                // A NUL would silently name another file; a wider char means that text was passed for a raw path.
                throw new LinuxException(call, raw, Errno.EINVAL.number());
            }
            slot.set(ValueLayout.JAVA_BYTE, i, (byte) c);
        }
        slot.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
        return slot.address();
    }
}
