package io.contree.catalog;

import io.contree.linux.LinuxException;
import io.contree.linux.OpenFileLock;
import io.contree.store.StoreException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Shows every process that a database is in use, as long as it is. SQLite shows it by locks that the kernel drops when the
 * process that holds them closes any descriptor of the file; the next process to open and close the database would then take
 * itself for the last one and delete a log in use. These locks are on the same bytes, but are not dropped like that.
 */
final class LiveMark implements AutoCloseable {
    /** SHARED_FIRST and SHARED_SIZE of SQLite's os.h: locked exclusively at the last close and to leave WAL. */
    private static final long SHARED_FIRST = 0x4000_0002L;

    private static final long SHARED_SIZE = 510;

    /** UNIX_SHM_DMS of SQLite's os_unix.c: the first to open the log's index locks it exclusively and empties it. */
    private static final long INDEX_IN_USE = 128;

    private static final int ATTEMPTS = 200;
    private static final int PAUSE_MILLIS = 50;

    private final OpenFileLock database;
    private final OpenFileLock index;

    private LiveMark(OpenFileLock database, OpenFileLock index) {
        this.database = database;
        this.index = index;
    }

    /** To be set once a connection is open, and closed after all of them: closing drops SQLite's locks. */
    static LiveMark set(Path file) throws LinuxException {
        OpenFileLock database = share(file, SHARED_FIRST, SHARED_SIZE);
        try {
            return new LiveMark(database, share(file.resolveSibling(file.getFileName() + "-shm"), INDEX_IN_USE, 1));
        } catch (LinuxException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Another process holds them for a moment when it closes the database. */
    private static OpenFileLock share(Path file, long start, long length) throws LinuxException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<OpenFileLock> lock = OpenFileLock.shared(file, start, length);
            if (lock.isPresent()) {
                return lock.get();
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new StoreException(
                StoreException.Kind.IO,
                "another program, such as a SQLite shell, has exclusive use of the catalog " + file
                        + "; end it and try again");
    }

    @Override
    public void close() {
        index.close();
        database.close();
    }
}
