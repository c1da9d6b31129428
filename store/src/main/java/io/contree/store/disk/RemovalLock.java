package io.contree.store.disk;

import io.contree.linux.LinuxException;
import io.contree.linux.OpenFileLock;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps what the catalog named at some moment on the disk while another process reads it, such as a backup: of many readers, and of
 * the one server that removes, either may be at work. It ends with its process.
 */
public final class RemovalLock implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final OpenFileLock lock;

    private RemovalLock(OpenFileLock lock) {
        this.lock = lock;
    }

    /** Forbids removing until this is closed; empty while something is being removed, which is soon over. */
    public static Optional<RemovalLock> forbid(Layout layout) throws IOException {
        make(layout);
        return OpenFileLock.shared(layout.removalLock(), 0, 0).map(RemovalLock::new);
    }

    /**
     * As {@link #forbid}, waiting for what is being removed.
     *
     * @return empty if the server was removing things all the time
     */
    public static Optional<RemovalLock> forbid(Layout layout, Duration patience)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<RemovalLock> lock = forbid(layout);
        while (lock.isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(PAUSE);
            lock = forbid(layout);
        }
        return lock;
    }

    /** For the time of removing what no record names any more; empty while somebody forbids it. */
    public static Optional<RemovalLock> remove(Layout layout) throws LinuxException {
        return OpenFileLock.exclusive(layout.removalLock()).map(RemovalLock::new);
    }

    private static void make(Layout layout) throws IOException {
        try {
            Files.createFile(
                    layout.removalLock(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // by an earlier use
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
