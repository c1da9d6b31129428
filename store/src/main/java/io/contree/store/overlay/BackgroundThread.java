package io.contree.store.overlay;

import io.contree.linux.LinuxException;
import io.contree.linux.ThreadPriority;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that works for a store beside all else, at a lower priority, until its work returns. */
final class BackgroundThread {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThread.class);

    private final Thread thread;

    private BackgroundThread(Thread thread) {
        this.thread = thread;
    }

    static BackgroundThread start(String name, Runnable work) {
        return new BackgroundThread(Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                ThreadPriority.lower();
            } catch (LinuxException e) {
                LOG.debug("{} has the priority of all else: {}", name, e.getMessage());
            }
            work.run();
        }));
    }

    /** Ends whatever it waits for. */
    void interrupt() {
        thread.interrupt();
    }

    /** Returns once its work has ended; an interrupt of the caller waits until then. */
    void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
