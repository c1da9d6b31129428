package io.contree.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The mount API of Linux 5.2 and later; constants of linux/mount.h and linux/fcntl.h. */
final class NewMounts {
    /** Read-only, and no set-user-id, no device and no program of it takes effect. */
    static final long ATTR_VIEW = 0x1 | 0x2 | 0x4 | 0x8;

    /** The same, but writable. */
    static final long ATTR_DATA = 0x2 | 0x4 | 0x8;

    static final long ATTR_NO_DEVICES = 0x4;

    static final long ATTR_IDMAP = 0x10_0000;

    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int FSCONFIG_SET_FLAG = 0;
    private static final int FSCONFIG_SET_STRING = 1;
    private static final int FSCONFIG_SET_FD = 5;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    private static final int OPEN_TREE_CLONE = 1;
    private static final int OPEN_TREE_CLOEXEC = 0x80000;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_RECURSIVE = 0x8000;
    /** {@code struct mount_attr}: u64 set, u64 clear, u64 propagation, u64 user namespace descriptor. */
    private static final int MOUNT_ATTR_SIZE = 32;

    private static final long KEEP_PROPAGATION = 0;
    private static final long MS_PRIVATE = 1 << 18;

    private NewMounts() {}

    /** Starts a file system; the descriptor takes its parameters. */
    static Fd open(String type) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("fsopen", type);
            return new Fd((int) Syscalls.check(
                    Syscalls.call(memory, Call.FSOPEN, name, FSOPEN_CLOEXEC), "fsopen(" + type + ")", ""));
        }
    }

    static void set(Fd context, String key, String value) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("fsconfig", key);
            long text = memory.secondPath("fsconfig", value);
            long result = Syscalls.call(memory, Call.FSCONFIG, context.number(), FSCONFIG_SET_STRING, name, text, 0);
            check(result, context, key, value);
        }
    }

    static void set(Fd context, String flag) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("fsconfig", flag);
            long result = Syscalls.call(memory, Call.FSCONFIG, context.number(), FSCONFIG_SET_FLAG, name, 0, 0);
            check(result, context, flag, "");
        }
    }

    /** Names a directory by descriptor (Linux 6.13), or by the descriptor's path in /proc. */
    static void set(Fd context, String key, Fd directory) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("fsconfig", key);
            long result = Syscalls.call(
                    memory, Call.FSCONFIG, context.number(), FSCONFIG_SET_FD, name, 0, directory.number());
            if (result >= 0) {
                return;
            }
            if (result != -Errno.EINVAL.number()) {
                check(result, context, key, "");
            }
        }
        set(context, key, directory.procPath());
    }

    static void create(Fd context) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long result = Syscalls.call(memory, Call.FSCONFIG, context.number(), FSCONFIG_CMD_CREATE, 0, 0, 0);
            check(result, context, "create", "");
        }
    }

    /** The mount of a created file system, attached nowhere. */
    static Fd mount(Fd context, long attributes) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long result = Syscalls.call(memory, Call.FSMOUNT, context.number(), FSMOUNT_CLOEXEC, attributes);
            return new Fd((int) Syscalls.check(result, "fsmount", ""));
        }
    }

    /** A new mount of the tree at a path, attached nowhere; it vanishes when its last descriptor is closed. */
    static Fd cloneTree(Path path) throws LinuxException {
        return cloneTree(path, 0);
    }

    /** The same with what is mounted below it. */
    static Fd cloneWhole(Path path) throws LinuxException {
        return cloneTree(path, AT_RECURSIVE);
    }

    private static Fd cloneTree(Path path, int recursive) throws LinuxException {
        String raw = Mounts.raw(path);
        try (CallMemory memory = CallMemory.take()) {
            long name = memory.path("open_tree", raw);
            long flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive;
            long result = Syscalls.call(memory, Call.OPEN_TREE, Fd.CWD.number(), name, flags);
            return new Fd((int) Syscalls.check(result, "open_tree", raw));
        }
    }

    /** Changes a detached mount: attributes to set, with the namespace for {@link #ATTR_IDMAP} or -1. */
    static void change(Fd mount, long attributes, int userNamespace, Path about) throws LinuxException {
        change(mount, AT_EMPTY_PATH, attributes, KEEP_PROPAGATION, userNamespace, about);
    }

    /** As above, with what is mounted below; and nothing that is mounted there is passed on, nor taken over from elsewhere. */
    static void changeWhole(Fd mount, long attributes, Path about) throws LinuxException {
        change(mount, AT_EMPTY_PATH | AT_RECURSIVE, attributes, MS_PRIVATE, -1, about);
    }

    private static void change(Fd mount, int flags, long attributes, long propagation, int userNamespace, Path about)
            throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            MemorySegment attr = memory.struct;
            attr.set(ValueLayout.JAVA_LONG, 0, attributes);
            attr.set(ValueLayout.JAVA_LONG, 8, 0);
            attr.set(ValueLayout.JAVA_LONG, 16, propagation);
            attr.set(ValueLayout.JAVA_LONG, 24, Math.max(userNamespace, 0));
            long empty = memory.path("mount_setattr", "");
            long result = Syscalls.call(
                    memory, Call.MOUNT_SETATTR, mount.number(), empty, flags, attr.address(), MOUNT_ATTR_SIZE);
            Syscalls.check(result, "mount_setattr", Mounts.raw(about));
        }
    }

    static void attach(Fd mount, Path target) throws LinuxException {
        attach(mount, Fd.CWD, Mounts.raw(target));
    }

    /** A symbolic link at the end is covered, not followed. */
    static void attach(Fd mount, Fd directory, String raw) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            long empty = memory.path("move_mount", "");
            long to = memory.secondPath("move_mount", raw);
            long result = Syscalls.call(
                    memory, Call.MOVE_MOUNT, mount.number(), empty, directory.number(), to, MOVE_MOUNT_F_EMPTY_PATH);
            Syscalls.check(result, "move_mount", raw);
        }
    }

    private static void check(long result, Fd context, String key, String value) throws LinuxException {
        if (result < 0) {
            throw new LinuxException("fsconfig(" + key + ")", value, (int) -result, log(context));
        }
    }

    /** What the file system said about a failure: one message for each read of the context, until it has no more. */
    private static String log(Fd context) {
        List<String> messages = new ArrayList<>();
        byte[] buffer = new byte[CallMemory.PATH_MAX];
        try {
            while (true) {
                int length = FileCalls.read(context, buffer, 0, buffer.length, -1);
                messages.add(new String(buffer, 0, length, StandardCharsets.UTF_8).strip());
            }
        } catch (LinuxException noMore) {
            return messages.isEmpty() ? "dmesg may say more" : String.join("; ", messages);
        }
    }
}
