package io.contree.engine.disk;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.LimitReached;
import io.contree.api.RunOutcome.Reason;
import io.contree.engine.DiskReserve;
import io.contree.engine.Outcome.Failed;
import io.contree.engine.operation.LiveOperation;
import io.contree.linux.DiskSpace;
import io.contree.store.DiskUse;
import io.contree.store.Store;
import io.contree.store.StoreException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps runs within what they may write, and a reserve of the disk free of all that clients cause. Safe for use by several
 * threads; one of its own looks at the disk while anything is watched.
 *
 * <p>Where the disk keeps the limits itself ({@link io.contree.store.Checkout#metered}), the reserve is what is left to do.
 * Elsewhere walking what a run wrote costs time, asking for the disk's free space costs none. A run can have grown by no more
 * than that has fallen since it was last measured, so it is measured when it may be above its limit, and otherwise now
 * and then.
 */
public final class DiskGuard implements AutoCloseable {
    /** The longest rest from measuring a run, unless measuring it takes longer. */
    static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    /** No machine fills a disk faster, in bytes per nanosecond. */
    private static final long FASTEST = 4;

    private static final long NANOS_PER_FILE = 1_000;
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

    /** Somebody may free what another takes, so free space does not tell everything. */
    private static final long REGULARLY = TimeUnit.SECONDS.toNanos(2);

    /** When space is short, finding out who has it must not take longer. */
    private static final long QUICKLY = TimeUnit.MILLISECONDS.toNanos(50);

    private final Store store;
    private final DiskReserve reserve;
    private final Set<DiskWatch> watches = ConcurrentHashMap.newKeySet();
    private Optional<DiskSpace> last = Optional.empty();
    private long fallen;
    private long wakeAt = Long.MAX_VALUE;
    private boolean parked = true;
    private boolean closed;
    private final Object rechecking = new Object();
    private long recheckedAt = System.nanoTime() - LONGEST_REST;
    private long bytesAtLastStop = Long.MAX_VALUE;
    private long filesAtLastStop = Long.MAX_VALUE;

    public DiskGuard(Store store, DiskReserve reserve) {
        this.store = store;
        this.reserve = reserve;
        Thread.ofPlatform().daemon().name("disk-guard").start(this::guard);
    }

    /**
     * Call it before anything that writes is begun, and while the server itself writes for a client.
     *
     * @param what is begun, such as "run"
     * @throws ContreeException UNAVAILABLE if less is free than the reserve
     */
    public void admit(String what) {
        DiskSpace space = store.space();
        if (reserve.isShort(space)) {
            space = recheck();
        }
        if (reserve.isShort(space)) {
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE,
                    "The server takes no " + what + ": " + reserve.shortage(space)
                            + ". Try again later, or ask whoever runs it to free some.",
                    RETRY_AFTER);
        }
    }

    /** Space given back may count late, on any disk; of many that are refused at once, one finds out for all. */
    private DiskSpace recheck() {
        synchronized (rechecking) {
            if (System.nanoTime() - recheckedAt < LONGEST_REST) {
                return store.space();
            }
            DiskSpace space = store.settledSpace();
            recheckedAt = System.nanoTime();
            return space;
        }
    }

    /** Watches an import until the watch is closed. */
    public DiskWatch watch(LiveOperation operation) {
        return watch(operation, new DiskUse(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    /** Watches a run until the watch is closed. */
    public DiskWatch watch(LiveOperation operation, DiskUse limit) {
        synchronized (this) {
            DiskWatch watch = new DiskWatch(this, operation, limit, fallen);
            watches.add(watch);
            if (parked || wakeAt - System.nanoTime() > limit.bytes() / FASTEST) {
                notifyAll();
            }
            return watch;
        }
    }

    void forget(DiskWatch watch) {
        watches.remove(watch);
    }

    /** What an operation wrote counts only if the disk had room for it until the end. */
    void lastLook(DiskWatch watch) {
        DiskSpace space = settled(store.space(), reserve::isGone);
        if (!reserve.isGone(space)) {
            return;
        }
        DiskUse use = watch.walk();
        if (isBig(space, use)) {
            stopForReserve(watch, space, use);
        } else {
            stopSinceFull(watch, space);
        }
    }

    /** An operation that holds next to nothing is not why space is short. */
    private boolean isBig(DiskSpace space, DiskUse use) {
        return reserve.isShortOfFiles(space)
                ? use.files() >= reserve.files(space) / 16
                : use.bytes() >= reserve.bytes(space) / 16;
    }

    private void guard() {
        try {
            while (awaitWork()) {
                long pause = SHORTEST_PAUSE;
                try {
                    pause = look();
                } catch (StoreException e) {
                    LOG.warn("the disk cannot be watched: {}", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("the watch over the disk met a defect and goes on", e);
                }
                rest(pause);
            }
        } catch (InterruptedException e) {
            LOG.debug("the watch over the disk was interrupted");
        }
    }

    private synchronized boolean awaitWork() throws InterruptedException {
        while (watches.isEmpty() && !closed) {
            parked = true;
            last = Optional.empty();
            wait();
        }
        parked = false;
        return !closed;
    }

    private synchronized void rest(long nanos) throws InterruptedException {
        wakeAt = System.nanoTime() + nanos;
        if (!closed) {
            TimeUnit.NANOSECONDS.timedWait(this, nanos);
        }
    }

    /** Does what is due now; returns the nanoseconds until the next look. */
    private long look() {
        DiskSpace space = space();
        relieve(space);
        long regularly = space.prompt() ? REGULARLY : LONGEST_PAUSE / 2;
        for (DiskWatch watch : watches) {
            if (watch.isDue(fallen(), System.nanoTime(), regularly)) {
                measure(watch, this::isCalm);
                if (!watch.use().isWithin(watch.limit()) && watch.needsGuard()) {
                    stopAboveLimit(watch);
                }
            }
        }
        return pause(space);
    }

    /** The same, or, if it matters, what there is once a disk that counts late has counted. */
    private DiskSpace settled(DiskSpace space, Predicate<DiskSpace> matters) {
        return space.prompt() || !matters.test(space) ? space : store.settledSpace();
    }

    private DiskSpace space() {
        DiskSpace space = store.space();
        synchronized (this) {
            last.ifPresent(before -> fallen += Math.max(0, before.freeBytes() - space.freeBytes()));
            last = Optional.of(space);
            return space;
        }
    }

    private synchronized long fallen() {
        return fallen;
    }

    private boolean isCalm() {
        return !reserve.isShort(space());
    }

    private void measure(DiskWatch watch, BooleanSupplier goOn) {
        try {
            watch.measure(fallen(), goOn, watches.size());
        } catch (StoreException e) {
            LOG.debug(
                    "what {} wrote cannot be measured now: {}",
                    watch.operation().record().uuid(),
                    e.getMessage());
        }
    }

    private long pause(DiskSpace space) {
        long room = space.freeBytes() - reserve.bytes(space);
        for (DiskWatch watch : watches) {
            if (watch.isWriting()) {
                room = Math.min(room, watch.limit().bytes() - watch.mostBytes(fallen()));
            }
        }
        long pause = room / FASTEST;
        if (space.totalFiles() > 0) {
            pause = Math.min(pause, (space.freeFiles() - reserve.files(space)) * NANOS_PER_FILE);
        }
        return Math.clamp(pause, SHORTEST_PAUSE, LONGEST_PAUSE);
    }

    /** Stops writers while space is short: imports, as they can be repeated, and the biggest run; if too late, all. */
    private void relieve(DiskSpace space) {
        if (!reserve.isShort(space)) {
            bytesAtLastStop = Long.MAX_VALUE;
            filesAtLastStop = Long.MAX_VALUE;
            return;
        }
        watches.stream()
                .filter(watch -> watch.isWriting() && watch.isImport())
                .forEach(watch -> watch.stop(importStopped(space)));
        boolean waits = watches.stream().anyMatch(watch -> watch.isEnding() && !watch.isImport());
        if (!waits && bytesAtLastStop < Long.MAX_VALUE && !reserve.isShort(settled(space, any -> true))) {
            return; // what was stopped has given back enough
        }
        boolean falls = space.freeBytes() < bytesAtLastStop - reserve.bytes(space) / 8
                || space.freeFiles() < filesAtLastStop - reserve.files(space) / 8;
        if (!waits || falls) {
            stopBiggest(space);
        }
        if (reserve.isGone(settled(space, reserve::isGone))) {
            watches.stream().filter(DiskWatch::isWriting).forEach(watch -> stopSinceFull(watch, space));
        }
    }

    private void stopBiggest(DiskSpace space) {
        List<DiskWatch> writing = watches.stream().filter(DiskWatch::isWriting).toList();
        for (DiskWatch watch : writing) {
            long deadline = System.nanoTime() + QUICKLY / writing.size();
            measure(watch, () -> System.nanoTime() - deadline < 0);
        }
        boolean halfGone = reserve.isHalfGone(space); // then there is no time left to be fair
        boolean ofFiles = reserve.isShortOfFiles(space);
        writing.stream()
                .filter(watch ->
                        isBig(space, watch.use()) || (halfGone && watch.use().bytes() > 0))
                .max(Comparator.comparingLong(
                        watch -> ofFiles ? watch.use().files() : watch.use().bytes()))
                .ifPresent(biggest -> {
                    bytesAtLastStop = space.freeBytes();
                    filesAtLastStop = space.freeFiles();
                    stopForReserve(biggest, space, biggest.use());
                });
    }

    /**
     * Notes that a run wrote more than it may, and says why it FAILED.
     *
     * @param used more than the limit, in bytes or in files
     */
    public static String aboveLimit(LiveOperation operation, DiskUse used, DiskUse limit) {
        boolean ofBytes = used.bytes() > limit.bytes();
        operation
                .limits()
                .add(
                        ofBytes
                                ? LimitReached.disk(limit.bytes(), used.bytes())
                                : LimitReached.files(limit.files(), used.files()));
        return "the run wrote "
                + (ofBytes
                        ? used.bytes() + " bytes, more than its resources_limits.max_layer_bytes of " + limit.bytes()
                        : used.files() + " files, more than the server's max-layer-files of " + limit.files())
                + "; nothing of it was kept";
    }

    private static void stopAboveLimit(DiskWatch watch) {
        String why = aboveLimit(watch.operation(), watch.use(), watch.limit());
        watch.stop(new Failed(Reason.DISK_LIMIT, why));
    }

    private void stopForReserve(DiskWatch watch, DiskSpace space, DiskUse use) {
        // The disk had no more for it, so that was its limit.
        watch.operation().limits().add(LimitReached.disk(use.bytes(), use.bytes()));
        watch.stop(new Failed(
                Reason.DISK_LIMIT,
                "the run was stopped because " + reserve.shortage(space) + "; it held " + use.bytes() + " bytes in "
                        + use.files() + " files, and nothing of it was kept. Let it write less, or run it again when"
                        + " there is more room"));
    }

    private void stopSinceFull(DiskWatch watch, DiskSpace space) {
        watch.stop(ranFull("writes may have failed", space));
    }

    /** The end of a run for which the server itself found no room. */
    public Failed ranFull(StoreException e) {
        return ranFull(String.valueOf(e.getMessage()), store.space());
    }

    private Failed ranFull(String met, DiskSpace space) {
        return new Failed("the server's disk ran full while the run worked: " + met + "; " + reserve.shortage(space)
                + "; nothing of it was kept. Run it again when there is more room");
    }

    private Failed importStopped(DiskSpace space) {
        return new Failed("the import was stopped because " + reserve.shortage(space)
                + ". Import it again when there is more room: finished layers are kept");
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
    }
}
