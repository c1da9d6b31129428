package io.contree.sdk.fanout;

import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.fanout.FanOut.Plan;
import io.contree.sdk.internal.Workers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one fan-out at work. Each draws an item, carries its run out, and hands the outcome over; the next worker is
 * hired only when there was an item to draw. Stopping interrupts them, which cancels their runs.
 */
final class Crew<T> {
    private final Plan<T> plan;
    private final Iterator<? extends T> items;
    private final ExecutorService threads = Workers.start();
    /** Separate, since drawing may wait for whatever makes the items. */
    private final ReentrantLock drawing = new ReentrantLock();

    private int drawn;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Outcome<T>> ready = new ArrayDeque<>();
    private final Set<Thread> busy = new HashSet<>();
    private int workers;
    private boolean stopped;
    private @Nullable Throwable error;
    private @Nullable Outcome<T> hit;

    private Crew(Plan<T> plan) {
        this.plan = plan;
        this.items = plan.items().iterator();
    }

    static <T> Crew<T> start(Plan<T> plan) {
        Crew<T> crew = new Crew<>(plan);
        crew.hire();
        return crew;
    }

    /** The next outcome; null when none is to come. */
    @Nullable
    Outcome<T> take() {
        lock.lock();
        try {
            while (ready.isEmpty() && workers > 0 && !stopped) {
                changed.await();
            }
            Outcome<T> outcome = ready.poll();
            changed.signalAll();
            if (outcome == null && error != null) {
                throw rethrown(error);
            }
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException("could not wait for the outcomes of a fan-out: interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    Optional<Outcome<T>> hit() {
        lock.lock();
        try {
            return Optional.ofNullable(hit);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            stop();
            ready.clear();
            error = null;
            while (workers > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void hire() {
        lock.lock();
        try {
            if (!stopped && workers < plan.bound()) {
                threads.execute(this::work);
                workers++;
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            boolean goOn = true;
            while (goOn && enter()) {
                Outcome<T> outcome;
                try {
                    outcome = next();
                } finally {
                    leave();
                }
                goOn = outcome != null && deliver(outcome);
            }
        } catch (Throwable e) { // also an Error: somebody waits for the outcomes
            fail(e);
        } finally {
            dismiss();
        }
    }

    private @Nullable Outcome<T> next() {
        int index;
        T item;
        try {
            drawing.lockInterruptibly();
        } catch (InterruptedException e) {
            return null; // stopped
        }
        try {
            if (!items.hasNext()) {
                return null;
            }
            item = Objects.requireNonNull(items.next(), "an item of a fan-out is null");
            index = drawn++;
        } finally {
            drawing.unlock();
        }
        hire();
        return new OneRun<>(index, item, plan).carryOut();
    }

    /** False when there is nothing more to do. */
    private boolean deliver(Outcome<T> outcome) {
        boolean wanted = outcome.failure().isEmpty() && plan.stopWhen().test(outcome.result());
        lock.lock();
        try {
            if (plan.failFast() && !stopped && outcome.failure().isPresent()) {
                error = outcome.failure().get();
                stop();
            }
            while (!wanted && !stopped && ready.size() >= plan.bound()) {
                changed.awaitUninterruptibly();
            }
            if (stopped) {
                return false;
            }
            ready.add(outcome);
            changed.signalAll();
            if (wanted) {
                hit = outcome;
                stop();
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable e) {
        lock.lock();
        try {
            if (!stopped) {
                error = e;
                stop();
            }
        } finally {
            lock.unlock();
        }
    }

    /** For whoever holds the lock. Once only: a second interrupt would meet a worker as it cancels its run. */
    private void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        busy.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
        changed.signalAll();
    }

    /** From here to {@link #leave} the thread is interrupted by a stop. */
    private boolean enter() {
        lock.lock();
        try {
            return !stopped && busy.add(Thread.currentThread());
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            busy.remove(Thread.currentThread());
            if (Thread.interrupted() && !stopped) {
                Thread.currentThread().interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void dismiss() {
        lock.lock();
        try {
            if (--workers == 0) {
                threads.shutdown();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static RuntimeException rethrown(Throwable error) {
        if (error instanceof RuntimeException failure) {
            return failure;
        }
        if (error instanceof Error failure) {
            throw failure;
        }
        return new IllegalStateException(error);
    }
}
