package io.contree.sandbox.nursery;

import io.contree.linux.Uninterruptibly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sandboxes that wait for a run, made in the background by one thread. Where the machine is short of memory there are none, and a
 * run waits for its own. Safe for use by several threads.
 */
public final class ReadySandboxes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReadySandboxes.class);
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    private static final String TOTAL = "MemTotal:";
    /** Less than this part of the memory is short. */
    private static final int SHORT = 20;

    private static final long LOOK_SECONDS = 10;

    private final Maker maker;
    private final int target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<WaitingSandbox> ready = new ArrayDeque<>();
    private final Thread worker;
    private boolean failed;
    private boolean closed;

    /** Makes one. */
    public interface Maker {
        WaitingSandbox make() throws IOException;
    }

    /** @param target how many are to wait; 0 for none */
    public ReadySandboxes(Maker maker, int target) {
        this.maker = maker;
        this.target = target;
        // A platform thread: it waits in system calls.
        this.worker = Thread.ofPlatform().daemon().name("ready-sandboxes").unstarted(this::work);
    }

    /** Begins to make them. */
    public void start() {
        worker.start();
    }

    /** One that waited, or a new one. */
    public WaitingSandbox take() throws IOException {
        lock.lock();
        try {
            failed = false;
            changed.signal();
            for (WaitingSandbox waiting = ready.poll(); waiting != null; waiting = ready.poll()) {
                if (!waiting.hasEnded()) {
                    return waiting;
                }
                discard(waiting);
            }
        } finally {
            lock.unlock();
        }
        return maker.make();
    }

    private void work() {
        try {
            while (awaitWork()) {
                fill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when there will be no more work. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && (failed || ready.size() >= target || isShortOfMemory())) {
                if (!changed.await(LOOK_SECONDS, TimeUnit.SECONDS) && isShortOfMemory()) {
                    ready.forEach(ReadySandboxes::discard);
                    ready.clear();
                }
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void fill() {
        try {
            WaitingSandbox made = maker.make();
            lock.lock();
            try {
                if (closed) {
                    discard(made);
                } else {
                    ready.add(made);
                }
            } finally {
                lock.unlock();
            }
        } catch (IOException | RuntimeException e) {
            log.warn("Could not make a sandbox for the next run; it is tried again when one is needed", e);
            lock.lock();
            try {
                failed = true;
            } finally {
                lock.unlock();
            }
        }
    }

    private static void discard(WaitingSandbox waiting) {
        waiting.close();
        waiting.ids().close();
    }

    private static boolean isShortOfMemory() {
        try {
            long available = 0;
            long total = 1;
            for (String line : Files.readAllLines(MEMORY)) {
                if (line.startsWith(AVAILABLE)) {
                    available = kilobytes(line);
                } else if (line.startsWith(TOTAL)) {
                    total = kilobytes(line);
                }
            }
            return available < total / SHORT;
        } catch (IOException e) {
            return false;
        }
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** Ends those that wait. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        Uninterruptibly.get(() -> {
            worker.join();
            return worker;
        });
        ready.forEach(ReadySandboxes::discard);
        ready.clear();
    }
}
