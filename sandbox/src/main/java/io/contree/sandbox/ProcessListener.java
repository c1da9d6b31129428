package io.contree.sandbox;

/**
 * Hears what happens to a process, in order, on one thread per sandbox. A listener that blocks holds back the output of its
 * sandbox and of no other. After {@link #exited} or {@link #spawnFailed} nothing more comes; if the container dies first,
 * {@link #lost} is the last call.
 */
public interface ProcessListener {
    /** One of the two outputs. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /** It runs; {@code pid} is its process id inside, the others who it is. */
    void started(int pid, int uid, int gid);

    /** It could not be started: {@code foo: executable file not found in PATH}. */
    void spawnFailed(String reason);

    /** Bytes that it wrote, at most 64 KiB per call. */
    void output(Stream stream, byte[] bytes);

    /** At the stream's end, only if the limit was crossed. */
    void truncated(Stream stream, long emitted, long dropped);

    /** It ended and all its output was delivered. */
    void exited(ExitStatus status);

    /** The container ended before init reported on this process; {@code reason} is for people. */
    void lost(String reason);
}
