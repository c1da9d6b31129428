package io.contree.linux;

import java.io.IOException;

/** A system call that failed: which call, on which path, with which errno. */
public final class LinuxException extends IOException {
    private final String call;
    private final String path;
    private final int number;

    /**
     * @param call the system call and its flavour, such as {@code fsconfig(lowerdir+)}
     * @param path the raw path that it was made on, or an empty string
     * @param number the errno
     */
    public LinuxException(String call, String path, int number) {
        this(call, path, number, "");
    }

    /**
     * @param detail what the kernel or this module can say beyond the errno, or an empty string
     */
    public LinuxException(String call, String path, int number, String detail) {
        super(call
                + (path.isEmpty() ? "" : " " + RawPath.toText(path))
                + ": "
                + name(number)
                + (detail.isEmpty() ? "" : " (" + detail + ")"));
        this.call = call;
        this.path = path;
        this.number = number;
    }

    /** The system call. */
    public String call() {
        return call;
    }

    /** The raw path, or an empty string. */
    public String path() {
        return path;
    }

    /** The kernel's error number. */
    public int number() {
        return number;
    }

    /** The error by name, {@link Errno#OTHER} where this module has no name for it. */
    public Errno errno() {
        return Errno.of(number);
    }

    private static String name(int number) {
        Errno errno = Errno.of(number);
        return errno == Errno.OTHER ? "errno " + number : errno.name();
    }
}
