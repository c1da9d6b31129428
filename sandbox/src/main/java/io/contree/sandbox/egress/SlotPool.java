package io.contree.sandbox.egress;

import io.contree.linux.Uninterruptibly;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Slots of both kinds. Those by path wait for a sandbox, made in the background by one thread, which also destroys the used ones. */
final class SlotPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SlotPool.class);

    private final SlotMaker maker;
    private final int target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<EgressSlot> ready = new ArrayDeque<>();
    // First in, first out: an address rests as long as it can, until the answers to its last owner's packets have come.
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Deque<EgressSlot> used = new ArrayDeque<>();
    private final Thread worker;
    private boolean failed;
    private boolean closed;

    private SlotPool(SlotMaker maker, int target) {
        this.maker = maker;
        this.target = Math.min(target, maker.capacity());
        IntStream.range(0, maker.capacity()).forEach(free::add);
        // A platform thread: it waits for programs.
        this.worker = Thread.ofPlatform().daemon().name("egress").unstarted(this::work);
    }

    /**
     * Starts a pool, with one slot that is ready if any are to be.
     *
     * @throws IOException if none can be made; the pool is then closed
     */
    static SlotPool start(SlotMaker maker, int target) throws IOException {
        SlotPool pool = new SlotPool(maker, target);
        if (target > 0) {
            pool.ready.add(pool.make(NetworkEntry.BY_PATH));
        }
        pool.worker.start();
        return pool;
    }

    /** A slot that waited, or a new one. */
    EgressSlot take(NetworkEntry entry) throws IOException {
        lock.lock();
        try {
            EgressSlot waiting = entry == NetworkEntry.BY_PATH ? ready.poll() : null;
            failed = false;
            changed.signal();
            if (waiting != null) {
                return waiting;
            }
        } finally {
            lock.unlock();
        }
        return make(entry);
    }

    private EgressSlot make(NetworkEntry entry) throws IOException {
        int number = number();
        try {
            return maker.make(number, entry, this::retire);
        } catch (IOException | RuntimeException e) {
            giveBack(List.of(number));
            throw e;
        }
    }

    private int number() throws IOException {
        lock.lock();
        try {
            Integer number = free.poll();
            if (number == null) {
                throw new IOException("all " + maker.capacity() + " addresses for runs in " + maker.range()
                        + " are in use; give the server a larger range");
            }
            return number;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(List<Integer> numbers) {
        locked(() -> free.addAll(numbers));
    }

    private void retire(EgressSlot slot) {
        locked(() -> used.add(slot));
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (awaitWork()) {
                clear();
                fill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && used.isEmpty() && (failed || ready.size() >= target)) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void clear() {
        List<EgressSlot> slots;
        lock.lock();
        try {
            slots = new ArrayList<>(used);
            used.clear();
        } finally {
            lock.unlock();
        }
        try {
            maker.destroy(slots);
            giveBack(slots.stream().map(EgressSlot::number).toList());
        } catch (IOException e) {
            // Their numbers are not used again, so that nothing meets what may be left of them.
            log.error("Could not destroy the networks of {} sandboxes that ended", slots.size(), e);
        }
    }

    private void fill() {
        lock.lock();
        try {
            if (failed || ready.size() >= target) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            EgressSlot made = make(NetworkEntry.BY_PATH);
            locked(() -> ready.add(made));
        } catch (IOException e) {
            log.warn("Could not make a network for the next sandbox; it is tried again when one is needed", e);
            locked(() -> failed = true);
        }
    }

    /** Destroys all slots; those that were taken have been released. */
    @Override
    public void close() throws IOException {
        locked(() -> closed = true);
        Uninterruptibly.get(() -> {
            worker.join();
            return worker;
        });
        lock.lock();
        try {
            used.addAll(ready);
            ready.clear();
            maker.destroy(used);
            used.clear();
        } finally {
            lock.unlock();
        }
    }
}
