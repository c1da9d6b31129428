package io.contree.sdk.session;

import io.contree.sdk.SessionException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks of bytes of a file, against other threads and other processes. A process that ends gives up its locks. The file is
 * open once per process while any lock is held: closing any descriptor of a file gives up all locks that the process has
 * in it (POSIX, fcntl).
 */
final class LockFile {
    private static final Map<Path, LockFile> OPEN = new HashMap<>();
    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private final Path path;
    private final FileChannel channel;
    private final Map<Long, ReentrantLock> threads = new ConcurrentHashMap<>();
    private int users;

    private LockFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Waits for the lock of one byte, of a file that always goes by the same path. */
    static SessionStore.Turn lock(Path path, long position, String what) {
        try {
            LockFile file = open(path);
            try {
                return file.lock(position, what);
            } catch (IOException | RuntimeException | Error e) {
                file.leave();
                throw e;
            }
        } catch (IOException e) {
            throw new SessionException("could not lock " + path + ": " + e + "; may this process write there?", e);
        }
    }

    private static LockFile open(Path path) throws IOException {
        synchronized (OPEN) {
            @Nullable LockFile file = OPEN.get(path);
            if (file == null) {
                file = new LockFile(path);
                OPEN.put(path, file);
            }
            file.users++;
            return file;
        }
    }

    private void leave() {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(path);
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new SessionException("could not close " + path + ": " + e, e);
                }
            }
        }
    }

    private SessionStore.Turn lock(long position, String what) throws IOException {
        ReentrantLock thread = threads.computeIfAbsent(position, p -> new ReentrantLock());
        Interrupts.lock(thread, what);
        try {
            FileLock held = thread.getHoldCount() == 1 ? awaitProcesses(position, what) : null;
            return () -> unlock(thread, held);
        } catch (IOException | RuntimeException | Error e) {
            thread.unlock();
            throw e;
        }
    }

    /** A blocking lock would close the channel, and with it every lock, when one waiting thread is interrupted. */
    private FileLock awaitProcesses(long position, String what) throws IOException {
        long pause = FIRST_PAUSE_MILLIS;
        for (FileLock lock = channel.tryLock(position, 1, false); ; lock = channel.tryLock(position, 1, false)) {
            if (lock != null) {
                return lock;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                throw Interrupts.interrupted(what, e);
            }
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    private void unlock(ReentrantLock thread, @Nullable FileLock held) {
        try {
            if (held != null) {
                held.release();
            }
        } catch (IOException e) {
            throw new SessionException("could not unlock " + path + ": " + e, e);
        } finally {
            thread.unlock();
            leave();
        }
    }
}
