package io.contree.linux;

/** An open file descriptor that this object owns. Closing twice is harmless. Not safe for concurrent close and use. */
public final class Fd implements AutoCloseable {
    /** Stands for the current directory in calls that take a directory and a path; closing it does nothing. */
    public static final Fd CWD = new Fd(-100);

    private int number;

    Fd(int number) {
        this.number = number;
    }

    /** The kernel's number; -1 after close. */
    public int number() {
        return number;
    }

    /** A path under which this process can reach the open file: {@code /proc/self/fd/N}. */
    public String procPath() {
        return "/proc/self/fd/" + number;
    }

    @Override
    public void close() {
        if (number >= 0) {
            int closing = number;
            number = -1;
            Syscalls.close(closing);
        }
    }
}
