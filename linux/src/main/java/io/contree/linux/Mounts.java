package io.contree.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Mounting and unmounting in this process's mount namespace. Needs root. */
public final class Mounts {
    // linux/mount.h
    private static final long MS_RDONLY = 1;
    /** Read-only, nosuid, nodev, noexec. */
    static final long MS_VIEW = MS_RDONLY | 2 | 4 | 8;

    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final long MS_SLAVE = 1 << 19;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

    private static final long W_OK = 2;

    private static final Path REDIRECT_MAX = Path.of("/sys/module/overlay/parameters/redirect_max");

    /** What mountinfo and {@code mount} show as the source of a tmpfs mounted here, which has none. */
    public static final String TMPFS_SOURCE = "contree";

    /** An attribute of a file that has attributes only: its content is that of the file that {@link #REDIRECT} names. */
    public static final String METACOPY = "trusted.overlay.metacopy";

    /** An attribute: where lower layers have what is here, as a path from their root or as a name in the same directory. */
    public static final String REDIRECT = "trusted.overlay.redirect";

    private Mounts() {}

    /** Where an overlay writes; both directories lie on one file system. */
    public record Upper(Path upper, Path work) {}

    /**
     * An overlay to mount. A writable one is {@code volatile} and has {@code redirect_dir}, {@code index} and {@code metacopy} on, so
     * that directories of lower layers can be renamed, their hard links stay together, and a change of attributes copies no content;
     * its upper directory then refers to the lower ones.
     *
     * @param lowers lower directories, the uppermost first; at least one
     * @param upper empty for a read-only view, in which set-user-id bits, devices and programs have no effect
     * @param owner a user namespace: layers keep their ids on disk and the overlay shows them mapped, so that root of
     *     the namespace is uid 0 on disk (architecture decision 7); empty for no mapping
     * @param contents a directory of its own that files of the layers may take their contents from, by {@link #METACOPY} and
     *     {@link #REDIRECT}; needs Linux 6.7
     */
    public record Overlay(
            List<Path> lowers, Optional<Upper> upper, Optional<UserNamespace> owner, Optional<Path> contents) {
        public Overlay {
            lowers = List.copyOf(lowers);
            if (lowers.isEmpty()) {
                throw new IllegalArgumentException("an overlay needs at least one lower directory");
            }
        }

        /** An overlay of layers that have all of their contents. */
        public Overlay(List<Path> lowers, Optional<Upper> upper, Optional<UserNamespace> owner) {
            this(lowers, upper, owner, Optional.empty());
        }
    }

    /**
     * Mounts an overlay at a directory: new mount API, or {@code mount(2)} on kernels without it. The work directory
     * must be new for each mount: a volatile overlay refuses one that was used before.
     *
     * @throws LinuxException also where the kernel would mount a writable overlay read-only, as it does silently when it
     *     cannot make its work directory: ENOSPC on a full disk
     */
    public static void overlay(Overlay overlay, Path target) throws LinuxException {
        CallThreads.unpinned(() -> {
            if (overlay.upper().isPresent()) {
                mountWritable(overlay, overlay.upper().get(), target);
            } else {
                OverlayMount.mount(overlay, target);
            }
            return 0;
        });
    }

    private static void mountWritable(Overlay overlay, Upper upper, Path target) throws LinuxException {
        try {
            OverlayMount.mount(overlay, target);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EIO && e.errno() != Errno.ENOSPC) {
                throw e;
            }
            // A volatile overlay is refused as long as nobody has seen that a write to the file system failed, whosever
            // it was.
            seeFailedWrites(upper.upper());
            OverlayMount.mount(overlay, target);
        }
        demandWritable(upper, target);
    }

    private static void seeFailedWrites(Path path) throws LinuxException {
        try (Fd directory = FileCalls.open(Fd.CWD, raw(path), FileCalls.DIRECTORY, 0, 0)) {
            FileCalls.syncFileSystem(directory);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EIO && e.errno() != Errno.ENOSPC) {
                throw e;
            }
        }
    }

    /**
     * Fails if the file system of a writable overlay could not write something since the overlay was mounted, be it of the overlay
     * or not: then bytes that were written through it may be lost. Costs one call, as the overlay is volatile.
     */
    public static void demandAllWritten(Path overlay) throws LinuxException {
        try (Fd root = FileCalls.open(Fd.CWD, raw(overlay), FileCalls.DIRECTORY, 0, 0)) {
            FileCalls.fsync(root);
        }
    }

    private static void demandWritable(Upper upper, Path target) throws LinuxException {
        long result;
        try (CallMemory memory = CallMemory.take()) {
            long path = memory.path("faccessat", raw(target));
            result = Syscalls.call(memory, Call.FACCESSAT, Fd.CWD.number(), path, W_OK);
        }
        if (result == -Errno.EROFS.number()) {
            unmount(target, true);
            throw new LinuxException(
                    "mount(overlay)",
                    raw(target),
                    (hasRoom(upper.work()) ? Errno.EROFS : Errno.ENOSPC).number(),
                    "the kernel could not make its work directory in " + upper.work()
                            + " and would mount it read-only");
        }
        Syscalls.check(result, "faccessat", raw(target));
    }

    /** Whether a directory can still be made there, by others than root too: file systems keep a reserve for root alone. */
    private static boolean hasRoom(Path directory) {
        try {
            if (Files.getFileStore(directory).getUsableSpace() == 0) {
                return false;
            }
            Files.delete(Files.createTempDirectory(directory, "room"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Lets directories of lower layers be renamed whatever the length of their path: a kernel that was not told refuses (EXDEV) where
     * it is longer than 256 bytes. It holds for all overlays of the machine that allow such renames.
     *
     * @return false if that is not allowed here: a container's {@code /sys} is read-only
     */
    public static boolean allowLongRedirects() {
        try {
            if (Integer.parseInt(Files.readString(REDIRECT_MAX).strip()) < CallMemory.PATH_MAX - 1) {
                Files.writeString(REDIRECT_MAX, String.valueOf(CallMemory.PATH_MAX - 1));
            }
            return true;
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    /** Bind-mounts a file or directory (without mounts below it), read-only if asked. */
    public static void bind(Path source, Path target, boolean readOnly) throws LinuxException {
        bind(source, target, readOnly ? MS_RDONLY : 0);
    }

    /**
     * Mounts a file over what stands in a directory under a name: a file, or a symbolic link itself, wherever it leads. Devices,
     * programs and set-user-id bits have no effect. Needs Linux 5.12, else ENOSYS.
     */
    public static void cover(Path source, Fd directory, String name) throws LinuxException {
        try (Fd clone = NewMounts.cloneTree(source)) {
            NewMounts.change(clone, NewMounts.ATTR_DATA, -1, source);
            NewMounts.attach(clone, directory, RawPath.of(name).raw());
        }
    }

    /** What takes no effect of a mount that a sandbox gets. */
    public enum Without {
        /** Devices. */
        DEVICES(NewMounts.ATTR_NO_DEVICES),
        /** Devices, programs and set-user-id bits. */
        EFFECT(NewMounts.ATTR_DATA),
        /** The same, and it cannot be written to. */
        CHANGE(NewMounts.ATTR_VIEW);

        private final long attributes;

        Without(long attributes) {
            this.attributes = attributes;
        }
    }

    /**
     * A new mount of a file or directory, with what is mounted below it, attached nowhere, for another process to attach; it vanishes
     * with its last descriptor. Needs Linux 5.12, else ENOSYS.
     */
    public static Fd detached(Path source, Without without) throws LinuxException {
        Fd clone = NewMounts.cloneWhole(source);
        try {
            NewMounts.changeWhole(clone, without.attributes, source);
            return clone;
        } catch (LinuxException e) {
            clone.close();
            throw e;
        }
    }

    private static void bind(Path source, Path target, long flags) throws LinuxException {
        mount(raw(source), target, "", MS_BIND, "");
        if (flags != 0) {
            try {
                mount("", target, "", MS_BIND | MS_REMOUNT | flags, "");
            } catch (LinuxException e) {
                unmount(target, true);
                throw e;
            }
        }
    }

    /** Mounts an empty tmpfs with options such as {@code size=1m,mode=0755}; its source is {@link #TMPFS_SOURCE}. */
    public static void tmpfs(Path target, String options) throws LinuxException {
        mount(TMPFS_SOURCE, target, "tmpfs", 0, options);
    }

    /** Unmounts; {@code detach} is MNT_DETACH. Does nothing to a path that is not a mount point or does not exist. */
    public static void unmount(Path target, boolean detach) throws LinuxException {
        CallThreads.unpinned(() -> {
            String raw = raw(target);
            try (CallMemory memory = CallMemory.take()) {
                long flags = UMOUNT_NOFOLLOW | (detach ? MNT_DETACH : 0);
                long result = Syscalls.call(memory, Call.UMOUNT2, memory.path("umount2", raw), flags);
                if (result != -Errno.EINVAL.number() && result != -Errno.ENOENT.number()) {
                    Syscalls.check(result, "umount2", raw);
                }
                return 0;
            }
        });
    }

    /** The mount points of this process at or below a directory, deepest first, from {@code /proc/self/mountinfo}. */
    public static List<Path> below(Path directory) throws IOException {
        Path wanted = directory.toAbsolutePath().normalize();
        List<Path> points = new ArrayList<>();
        for (MountInfo mount : MountInfo.ofThisProcess()) {
            if (mount.point().startsWith(wanted)) {
                points.add(mount.point());
            }
        }
        Collections.reverse(points);
        points.sort(Comparator.comparingInt(Path::getNameCount).reversed());
        return points;
    }

    /** Stops a mount and those below it from propagating what happens in them to other namespaces; it still receives from them. */
    static void makeSlave(Path target) throws LinuxException {
        mount("", target, "", MS_SLAVE | MS_REC, "");
    }

    /** A read-only view of a directory, with ids shown mapped if there is an owner. */
    static void readOnlyTree(Path source, @Nullable UserNamespace owner, Path target) throws LinuxException {
        if (owner == null) {
            bind(source, target, MS_VIEW);
            return;
        }
        try (Fd clone = NewMounts.cloneTree(source)) {
            long attributes = NewMounts.ATTR_VIEW | NewMounts.ATTR_IDMAP;
            NewMounts.change(clone, attributes, owner.fd().number(), source);
            NewMounts.attach(clone, target);
        }
    }

    /** {@code mount(2)}. */
    static long mount(String source, Path target, String type, long flags, String options) throws LinuxException {
        String raw = raw(target);
        String call = "mount(" + (type.isEmpty() ? "bind" : type) + ")";
        try (CallMemory memory = CallMemory.take();
                CallMemory more = CallMemory.take()) {
            long result = Syscalls.call(
                    memory,
                    Call.MOUNT,
                    memory.path(call, source),
                    memory.secondPath(call, raw),
                    more.path(call, type),
                    flags,
                    more.secondPath(call, RawPath.of(options).raw()));
            return Syscalls.check(result, call, raw);
        }
    }

    static String raw(Path path) {
        return RawPath.of(path.toAbsolutePath()).raw();
    }
}
