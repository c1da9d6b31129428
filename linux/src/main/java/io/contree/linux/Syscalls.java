package io.contree.linux;

/** The downcalls of libc and their errno: the only place with foreign-function handles. */
final class Syscalls {
    private Syscalls() {}

    static void close(int fd) {
        throw new UnsupportedOperationException("close " + fd);
    }
}
