package io.contree.engine.disk;

import io.contree.engine.Outcome;
import io.contree.engine.operation.LiveOperation;
import io.contree.sandbox.Sandbox;
import io.contree.store.Checkout;
import io.contree.store.DiskUse;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the {@link DiskGuard} knows of one operation that writes. Open it before what it watches, and close it after. */
public final class DiskWatch implements AutoCloseable {
    private final DiskGuard guard;
    private final LiveOperation operation;
    private final DiskUse limit;
    private volatile @Nullable Checkout checkout;
    private volatile @Nullable Sandbox sandbox;
    private volatile boolean written;
    private volatile boolean ending;

    // used by the guard's thread alone
    private DiskUse use = new DiskUse(0, 0);
    private long base;
    private long nextWalk = System.nanoTime();
    private long lastWalk = System.nanoTime();

    /** @param base by how many bytes the disk's free space has fallen by now */
    DiskWatch(DiskGuard guard, LiveOperation operation, DiskUse limit, long base) {
        this.guard = guard;
        this.operation = operation;
        this.limit = limit;
        this.base = base;
    }

    LiveOperation operation() {
        return operation;
    }

    DiskUse limit() {
        return limit;
    }

    /**
     * True if the guard has to stop it at its limit: the disk does not refuse what goes beyond. Where it does, the program is told and
     * goes on as it will, and what it met is found at its end.
     */
    boolean needsGuard() {
        Checkout measured = checkout;
        return measured == null || measured.metered().isEmpty();
    }

    /** From now on what is written to this checkout is measured. */
    public void over(Checkout begun) {
        checkout = begun;
    }

    /** The sandbox that writes to the checkout. */
    public void over(Sandbox started) {
        sandbox = started;
    }

    /** Nothing writes any more; what was written is kept or thrown away next. */
    public void written() {
        sandbox = null;
        guard.lastLook(this);
        written = true;
    }

    /** True while it can be stopped and that would help. */
    boolean isWriting() {
        return !written && !ending;
    }

    /** True while it still holds what it wrote, which is to be removed. */
    boolean isEnding() {
        return ending;
    }

    /** Nothing of what it wrote was kept. */
    public void thrownAway() {
        ending = true;
    }

    boolean isImport() {
        return checkout == null && limit.bytes() == Long.MAX_VALUE;
    }

    /** Ends the operation with this verdict, unless its end is decided. */
    void stop(Outcome.Failed verdict) {
        ending = true;
        operation.impose(verdict);
    }

    /** What it takes now. */
    DiskUse walk() {
        Checkout measured = checkout;
        return measured == null ? new DiskUse(0, 0) : measured.metered().orElseGet(() -> measured.use(() -> true));
    }

    /** What it was last found to take. */
    DiskUse use() {
        return use;
    }

    /** The most that it can have written by now. */
    long mostBytes(long fallen) {
        return use.bytes() + fallen - base;
    }

    boolean isDue(long fallen, long now, long regularly) {
        Checkout measured = checkout;
        return measured != null
                && isWriting()
                && now - nextWalk >= 0
                && (mostBytes(fallen) > limit.bytes() || now - lastWalk > regularly);
    }

    /**
     * Measures it again.
     *
     * @param fallen by how many bytes the disk's free space has fallen by now
     * @param goOn once this is false, what was found by then counts if it is more than before
     * @param others how many share the guard's time
     */
    void measure(long fallen, BooleanSupplier goOn, int others) {
        Checkout measured = checkout;
        if (measured == null) {
            return;
        }
        long begin = System.nanoTime();
        Optional<DiskUse> metered = measured.metered();
        if (metered.isPresent()) {
            use = metered.get();
            base = fallen;
            lastWalk = begin;
            nextWalk = begin + DiskGuard.LONGEST_REST;
            return;
        }
        boolean[] whole = {true};
        DiskUse walked = measured.use(() -> whole[0] = goOn.getAsBoolean());
        Sandbox running = sandbox;
        long unlinked = running == null ? 0 : running.unlinkedBytes();
        DiskUse found = new DiskUse(walked.bytes() + unlinked, walked.files());
        long end = System.nanoTime();
        if (whole[0]) {
            use = found;
            base = fallen;
        } else {
            use = new DiskUse(Math.max(use.bytes(), found.bytes()), Math.max(use.files(), found.files()));
        }
        long took = end - begin;
        lastWalk = end;
        nextWalk = end + Math.min(10 * took * others, Math.max(DiskGuard.LONGEST_REST, 2 * took));
    }

    @Override
    public void close() {
        guard.forget(this);
    }
}
