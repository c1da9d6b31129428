package io.contree.linux;

/**
 * The system calls that this module makes, with their numbers. Source: {@code arch/x86/entry/syscalls/syscall_64.tbl}
 * and {@code include/uapi/asm-generic/unistd.h} of Linux; from 424 on all architectures share one number.
 */
enum Call {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    IOCTL(16, 29),
    PREAD64(17, 67),
    PWRITE64(18, 68),
    SOCKET(41, 198),
    CONNECT(42, 203),
    SENDMSG(46, 211),
    RECVMSG(47, 212),
    SHUTDOWN(48, 210),
    SETSOCKOPT(54, 208),
    FCNTL(72, 25),
    FSYNC(74, 82),
    FTRUNCATE(77, 46),
    GETEUID(107, 175),
    FSTATFS(138, 44),
    SETPRIORITY(141, 140),
    SETFSUID(122, 151),
    SETFSGID(123, 152),
    PRCTL(157, 167),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    LSETXATTR(189, 6),
    SETXATTR(188, 5),
    GETXATTR(191, 8),
    LGETXATTR(192, 9),
    LISTXATTR(194, 11),
    LLISTXATTR(195, 12),
    REMOVEXATTR(197, 14),
    LREMOVEXATTR(198, 15),
    GETDENTS64(217, 61),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    FCHOWNAT(260, 54),
    UNLINKAT(263, 35),
    LINKAT(265, 37),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    FCHMODAT(268, 53),
    FACCESSAT(269, 48),
    UTIMENSAT(280, 88),
    SYNCFS(306, 267),
    NAME_TO_HANDLE_AT(303, 264),
    RENAMEAT2(316, 276),
    MEMFD_CREATE(319, 279),
    COPY_FILE_RANGE(326, 285),
    STATX(332, 291),
    OPEN_TREE(428),
    MOVE_MOUNT(429),
    FSOPEN(430),
    FSCONFIG(431),
    FSMOUNT(432),
    OPENAT2(437),
    MOUNT_SETATTR(442),
    QUOTACTL_FD(443),
    FCHMODAT2(452),
    SETXATTRAT(463),
    GETXATTRAT(464),
    LISTXATTRAT(465),
    REMOVEXATTRAT(466);

    private final int x86;
    private final int arm;
    private final int number;

    Call(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
        this.number = number(Architecture.CURRENT);
    }

    Call(int shared) {
        this(shared, shared);
    }

    /** The number on this machine. */
    int number() {
        return number;
    }

    /** The number on a given architecture. */
    int number(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> x86;
            case ARM64 -> arm;
        };
    }
}
