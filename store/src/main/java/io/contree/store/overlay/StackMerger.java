package io.contree.store.overlay;

import io.contree.linux.FaultPoint;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.disk.Pins;
import io.contree.store.layer.StackDepth;
import io.contree.store.state.Checkpoint;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives images with high stacks lower ones, on a thread of its own that leaves most of its time to runs. What it does not come
 * to stays high, and so do the images that are made of it, which are offered in their turn. Safe for use by several threads.
 */
final class StackMerger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StackMerger.class);

    /** How many images wait at most: more would be of branches that nobody goes on with. */
    private static final int MOST_WAITING = 1024;

    /** How long it works without a rest. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    /** How much longer than it worked it rests, unless a commit waits for it. */
    private static final int REST = 3;
    /** Longer work is a wait for the disk, which is slow because others use it. */
    private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final ImageCatalog catalog;
    private final Images images;
    private final Pins pins;
    private final StackDepth depth;
    private final Damage damage;
    private final BackgroundThread thread;
    /** The first one is the next: what is merged for it lies below all that was made of it, and so is merged for these too. */
    private final SequencedSet<UUID> waiting = new LinkedHashSet<>();

    private boolean busy;
    private volatile boolean closed;
    private long turn;

    StackMerger(ImageCatalog catalog, Images images, Pins pins, StackDepth depth, Damage damage) {
        this.catalog = catalog;
        this.images = images;
        this.pins = pins;
        this.depth = depth;
        this.damage = damage;
        this.thread = BackgroundThread.start("store-merger", this::work);
    }

    /** Takes note of an image that a commit has recorded; does nothing if its stack is low. */
    void offer(Image image) {
        if (!depth.isHigh(image.layers())) {
            return;
        }
        synchronized (this) {
            waiting.addLast(image.uuid());
            if (waiting.size() > MOST_WAITING) {
                waiting.removeFirst();
            }
            notifyAll();
        }
    }

    /** Waits until nothing is left to merge; for tests. */
    synchronized void settle() throws InterruptedException {
        while (busy || !waiting.isEmpty()) {
            wait();
        }
    }

    private void work() {
        try {
            while (true) {
                Optional<UUID> next = next();
                if (next.isEmpty()) {
                    return;
                }
                lower(next.get());
            }
        } catch (InterruptedException e) {
            LOG.debug("stacks are merged by commits alone from now on: interrupted");
        }
    }

    /** Waits for one; empty once this is closed. */
    private synchronized Optional<UUID> next() throws InterruptedException {
        busy = false;
        notifyAll();
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        busy = !closed;
        return closed ? Optional.empty() : Optional.of(waiting.removeFirst());
    }

    private void lower(UUID uuid) {
        try {
            turn = System.nanoTime();
            Checkpoint.during(this::rest, () -> restack(uuid));
        } catch (CancellationException e) {
            LOG.debug("image {} keeps its layers: the store is closed", uuid);
        } catch (IOException | RuntimeException e) {
            boolean removed = e instanceof StoreException failure && failure.kind() == StoreException.Kind.NOT_FOUND;
            if (!removed) {
                LOG.warn("could not merge layers of image {}, which keeps them: {}", uuid, e.toString());
            }
        }
    }

    private boolean restack(UUID uuid) throws IOException {
        try (Pins.Lease lease = pins.lease()) {
            Image image = images.pinned(images.get(uuid), lease);
            // A merge would carry what is damaged into a layer of which nobody knows it.
            if (!depth.isHigh(image.layers()) || damage.isIn(image.layers())) {
                return false;
            }
            List<LayerId> lower = depth.bounded(image.layers(), lease);
            FaultPoint.reach("merge.made");
            // The merged layers are on disk. A kill before the record leaves garbage, and the image as it was.
            boolean recorded = catalog.restack(uuid, image.layers(), lower);
            FaultPoint.pass("merge.recorded");
            if (!recorded) {
                catalog.releaseLayers(lower);
            }
            return recorded;
        }
    }

    /** Called between two steps of a merge. */
    private void rest() {
        if (closed) {
            throw new CancellationException("the store is closed");
        }
        long worked = System.nanoTime() - turn;
        if (worked < TURN_NANOS) {
            return;
        }
        long end = System.nanoTime() + Math.min(REST * worked, LONGEST_REST_NANOS);
        while (!closed && !depth.isWaitedFor() && System.nanoTime() < end) {
            LockSupport.parkNanos(TURN_NANOS);
        }
        turn = System.nanoTime();
    }

    /** Ends a merge between two of its steps. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.join();
    }
}
