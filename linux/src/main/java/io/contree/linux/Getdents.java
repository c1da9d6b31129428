package io.contree.linux;

import io.contree.linux.FileCalls.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** {@code getdents64(2)}: the entries of a directory. */
final class Getdents {
    // struct linux_dirent64 of getdents(2): u64 inode, s64 offset, u16 record length, u8 type, NUL-ended name.
    private static final int RECORD_LENGTH = 16;
    private static final int TYPE = 18;
    private static final int NAME = 19;
    /** A directory entry's type is the type bits of a mode, shifted. */
    private static final int TYPE_SHIFT = 12;

    private static final int SEEK_SET = 0;

    private Getdents() {}

    /** All entries. */
    static List<Entry> all(Fd dir) throws LinuxException {
        List<Entry> entries = new ArrayList<>();
        try (CallMemory memory = CallMemory.take()) {
            rewind(memory, dir);
            while (read(memory, dir, entries)) {
                // Each call continues where the one before ended.
            }
        }
        return entries;
    }

    /** Entry by entry, until one is not taken. */
    static void each(Fd dir, Predicate<Entry> take) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            rewind(memory, dir);
            List<Entry> some = new ArrayList<>();
            while (read(memory, dir, some)) {
                if (!some.stream().allMatch(take)) {
                    return;
                }
                some.clear();
            }
        }
    }

    /** As many entries as one call gives; empty only if the directory is. */
    static List<Entry> some(Fd dir) throws LinuxException {
        List<Entry> entries = new ArrayList<>();
        try (CallMemory memory = CallMemory.take()) {
            rewind(memory, dir);
            while (entries.isEmpty() && read(memory, dir, entries)) {
                // A first call may give nothing but "." and "..".
            }
        }
        return entries;
    }

    private static void rewind(CallMemory memory, Fd dir) throws LinuxException {
        Syscalls.check(Syscalls.call(memory, Call.LSEEK, dir.number(), 0, SEEK_SET), "lseek", "");
    }

    private static boolean read(CallMemory memory, Fd dir, List<Entry> into) throws LinuxException {
        long result = Syscalls.call(memory, Call.GETDENTS64, dir.number(), memory.data.address(), CallMemory.DATA_SIZE);
        int length = (int) Syscalls.check(result, "getdents64", "");
        byte[] records = memory.heap(length);
        int at = 0;
        while (at < length) {
            String name = name(records, at + NAME);
            if (!name.equals(".") && !name.equals("..")) {
                into.add(new Entry(name, records[at + TYPE] << TYPE_SHIFT));
            }
            at += Byte.toUnsignedInt(records[at + RECORD_LENGTH])
                    | Byte.toUnsignedInt(records[at + RECORD_LENGTH + 1]) << 8;
        }
        return length > 0;
    }

    private static String name(byte[] records, int start) {
        int end = start;
        while (records[end] != 0) {
            end++;
        }
        return new String(records, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
