package io.contree.sdk.session;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Keeps one session. Safe for use by many threads. */
public interface SessionStore {
    /** The right to start runs on a branch; closing it passes it on to the next. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Keeps a session as long as the store is reachable. */
    static SessionStore memory() {
        return new MemoryStore();
    }

    /**
     * Keeps a session in a file, for this process and others: each change is on disk before the call returns, and a crash
     * leaves the file as it was before or after a change. The format is described in docs/sdk/sessions.md. Beside it lies
     * a lock file, with {@code .lock} added to its name. Directories are made as needed; the file is readable by its
     * owner only, since commands may hold secrets. Every file system with working {@code fcntl} locks will do.
     *
     * @param path a path of the default file system
     */
    static SessionStore file(Path path) {
        return new FileStore(path);
    }

    /**
     * What is kept; empty before the first change.
     *
     * @throws io.contree.sdk.SessionException if it cannot be read
     */
    Optional<SessionState> load();

    /**
     * Changes what is kept, with nobody else changing it at the same time. What the change throws is passed on, and nothing
     * is changed then. The change must be quick.
     *
     * @return what is kept now
     * @throws io.contree.sdk.SessionException if it cannot be read or kept
     */
    SessionState update(Function<Optional<SessionState>, SessionState> change);

    /**
     * Waits until nobody else has the turn on the branch. The thread that has it may ask for it again.
     *
     * @throws io.contree.sdk.CallInterruptedException if this thread is interrupted
     */
    Turn turn(String branch);
}
