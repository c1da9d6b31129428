package io.contree.linux;

/** The error numbers of Linux that callers tell apart; the numbers are those shared by x86-64 and arm64. */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    EBADF(9),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EBUSY(16),
    EEXIST(17),
    EXDEV(18),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    ENFILE(23),
    EMFILE(24),
    ENOTTY(25),
    EFBIG(27),
    ENOSPC(28),
    EROFS(30),
    EMLINK(31),
    ERANGE(34),
    ENAMETOOLONG(36),
    ENOSYS(38),
    ENOTEMPTY(39),
    ELOOP(40),
    ENODATA(61),
    EOVERFLOW(75),
    EOPNOTSUPP(95),
    ESTALE(116),
    EUCLEAN(117),
    EDQUOT(122),
    /** Any other number; {@link LinuxException#number()} has it. */
    OTHER(-1);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /** The kernel's number, or -1 for {@link #OTHER}. */
    public int number() {
        return number;
    }

    static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return OTHER;
    }
}
