package io.contree.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Limits of directories, where the file system keeps them: project quota of ext4 and XFS. A directory is given to a project, all
 * that is made in it belongs to the same, and what would go beyond the project's limit is refused: with EDQUOT by ext4, with ENOSPC
 * by XFS. Needs root and Linux 5.14. Safe for use by several threads.
 *
 * <p>Overlayfs never lets itself be exempt from quota, whoever mounts it, so a limit holds for an upper directory too; copying up
 * counts. A project is told by a number. One is free if nothing on the disk belongs to it, and what once was given to a project may
 * keep its number for long: it counts for nobody as long as the project has no limit.
 */
public final class ProjectQuota {
    /** Numbers that people give to projects in /etc/projid are small. */
    private static final int FIRST = 1 << 30;

    private static final int NUMBERS = (1 << 30) - 1;

    // linux/quota.h and linux/dqblk_xfs.h
    private static final int PROJECTS = 2;
    private static final int Q_GETQUOTA = 0x800007;
    private static final int Q_SETQUOTA = 0x800008;
    private static final int Q_XGETQSTATV = ('X' << 8) + 8;
    private static final short PROJECT_QUOTA_ENFORCED = 1 << 5;
    private static final byte STATV_VERSION = 1;
    private static final int BYTES_AND_FILES_LIMITED = 5;

    // struct if_dqblk: words, the last one of 32 bits
    private static final int BYTES_HARD = 0;
    private static final int BYTES_USED = 16;
    private static final int FILES_HARD = 24;
    private static final int FILES_USED = 40;
    private static final int VALID = 64;
    private static final int QUOTA_SIZE = 72;
    /** What limits of bytes are counted in. */
    private static final int UNIT = 1024;

    // linux/fs.h: struct fsxattr of 28 bytes
    private static final long FS_IOC_FSGETXATTR = 0x801c581fL;
    private static final long FS_IOC_FSSETXATTR = 0x401c5820L;
    private static final int FSXATTR_SIZE = 28;
    private static final int FLAGS = 0;
    private static final int PROJECT = 12;
    private static final int INHERIT = 0x200;

    private final Fd disk;
    private final Set<Integer> taken = new HashSet<>();
    private int next;

    private ProjectQuota(Fd disk, int next) {
        this.disk = disk;
        this.next = next;
    }

    /**
     * That of a file system; empty where it or the kernel has none, or it was mounted without ({@code prjquota}).
     *
     * @param disk an open file or directory on it, which stays open as long as this is used
     */
    public static Optional<ProjectQuota> of(Fd disk) {
        try (CallMemory memory = CallMemory.take()) {
            MemorySegment state = memory.struct;
            state.fill((byte) 0);
            state.set(ValueLayout.JAVA_BYTE, 0, STATV_VERSION);
            long result = call(memory, disk, Q_XGETQSTATV, 0);
            boolean enforced = result == 0 && (state.get(ValueLayout.JAVA_SHORT, 2) & PROJECT_QUOTA_ENFORCED) != 0;
            // Numbers grow with time, so that those of a former process are seldom met, and lie together on disk.
            int start = (int) (System.currentTimeMillis() / 1000 % NUMBERS);
            return enforced ? Optional.of(new ProjectQuota(disk, start)) : Optional.empty();
        }
    }

    /** A project that has nothing but what its directory will hold, until it is closed. */
    public final class Project implements AutoCloseable {
        private final int number;

        private Project(int number) {
            this.number = number;
        }

        /**
         * Lets what it has grow up to a limit.
         *
         * @param bytes in blocks of the disk
         * @param files directories included
         */
        public void limit(long bytes, long files) throws LinuxException {
            // 0 would be no limit.
            set(number, Math.max(1, bytes / UNIT + (bytes % UNIT > 0 ? 1 : 0)), Math.max(1, files));
        }

        /** Takes its limit away. */
        public void lift() throws LinuxException {
            set(number, 0, 0);
        }

        /** What it has now, also what has no name any more. Costs one call. */
        public Use use() throws LinuxException {
            return ProjectQuota.this.use(number);
        }

        /** Takes its limit away and forgets it. What belongs to it keeps its number. */
        @Override
        public void close() throws LinuxException {
            try {
                lift();
            } finally {
                giveBack(number);
            }
        }
    }

    /**
     * What belongs to a project.
     *
     * @param bytes in blocks of the disk, promised ones included
     */
    public record Use(long bytes, long files) {}

    /** Gives a new, empty directory to a project that has nothing else and no limit yet. */
    public Project give(Fd directory) throws LinuxException {
        int number = take();
        try {
            assign(directory, number);
            set(number, 0, 0); // a killed process may have left a limit
            return new Project(number);
        } catch (LinuxException e) {
            giveBack(number);
            throw e;
        }
    }

    private synchronized int take() throws LinuxException {
        for (int tried = 0; tried < NUMBERS; tried++) {
            int number = FIRST + next;
            next = (next + 1) % NUMBERS;
            if (!taken.contains(number) && use(number).files() == 0) {
                taken.add(number);
                return number;
            }
        }
        throw new LinuxException("quotactl_fd", "", Errno.ENOSPC.number());
    }

    private synchronized void giveBack(int number) {
        taken.remove(number);
    }

    private static void assign(Fd directory, int number) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            MemorySegment attributes = memory.struct;
            attributes.asSlice(0, FSXATTR_SIZE).fill((byte) 0);
            Syscalls.check(
                    Syscalls.call(memory, Call.IOCTL, directory.number(), FS_IOC_FSGETXATTR, attributes.address()),
                    "FS_IOC_FSGETXATTR",
                    "");
            attributes.set(ValueLayout.JAVA_INT, FLAGS, attributes.get(ValueLayout.JAVA_INT, FLAGS) | INHERIT);
            attributes.set(ValueLayout.JAVA_INT, PROJECT, number);
            Syscalls.check(
                    Syscalls.call(memory, Call.IOCTL, directory.number(), FS_IOC_FSSETXATTR, attributes.address()),
                    "FS_IOC_FSSETXATTR",
                    "");
        }
    }

    private void set(int number, long units, long files) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            MemorySegment quota = memory.struct;
            quota.asSlice(0, QUOTA_SIZE).fill((byte) 0);
            quota.set(ValueLayout.JAVA_LONG, BYTES_HARD, units);
            quota.set(ValueLayout.JAVA_LONG, FILES_HARD, files);
            quota.set(ValueLayout.JAVA_INT, VALID, BYTES_AND_FILES_LIMITED);
            Syscalls.check(call(memory, disk, Q_SETQUOTA, number), "quotactl_fd(Q_SETQUOTA)", "");
        }
    }

    private Use use(int number) throws LinuxException {
        try (CallMemory memory = CallMemory.take()) {
            MemorySegment quota = memory.struct;
            quota.asSlice(0, QUOTA_SIZE).fill((byte) 0);
            long result = call(memory, disk, Q_GETQUOTA, number);
            if (result == -Errno.ENOENT.number()) {
                return new Use(0, 0); // XFS has no record of it
            }
            Syscalls.check(result, "quotactl_fd(Q_GETQUOTA)", "");
            return new Use(quota.get(ValueLayout.JAVA_LONG, BYTES_USED), quota.get(ValueLayout.JAVA_LONG, FILES_USED));
        }
    }

    private static long call(CallMemory memory, Fd disk, int command, int number) {
        long ofProjects = ((long) command << 8) | PROJECTS;
        return Syscalls.call(memory, Call.QUOTACTL_FD, disk.number(), ofProjects, number, memory.struct.address());
    }
}
