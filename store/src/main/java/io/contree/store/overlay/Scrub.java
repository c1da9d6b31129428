package io.contree.store.overlay;

import io.contree.store.LayerId;
import io.contree.store.check.LayerProof;
import io.contree.store.disk.Pins;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads all layers over and over, slowly, and records those that are not what was written. */
final class Scrub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
    private static final Duration BETWEEN_ROUNDS = Duration.ofHours(1);
    /** What looking at a layer counts for, so that small layers are read slowly too. */
    private static final long LAYER_BYTES = 64 << 10;

    private final StoreParts parts;
    private final long bytesPerSecond;
    private final BackgroundThread thread;

    Scrub(StoreParts parts, long bytesPerSecond) {
        this.parts = parts;
        this.bytesPerSecond = bytesPerSecond;
        this.thread = BackgroundThread.start("store-scrub", this::work);
    }

    private void work() {
        try {
            while (true) {
                round();
                Thread.sleep(BETWEEN_ROUNDS);
            }
        } catch (InterruptedException | CancellationException e) {
            LOG.debug("no more layers are read in the background");
        }
    }

    private void round() {
        Set<LayerId> marked = parts.catalog().damage().layers().keySet();
        for (LayerId layer : parts.catalog().layers()) {
            if (marked.contains(layer)) {
                continue;
            }
            try (Pins.Lease lease = parts.pins().lease()) {
                lease.add(layer);
                look(layer);
            } catch (CancellationException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.warn("could not read layer {} through: {}", layer, e.toString());
            }
            pace(LAYER_BYTES);
        }
    }

    private void look(LayerId layer) {
        LayerProof.problem(parts.layout(), layer, this::pace).ifPresent(what -> {
            if (parts.catalog().layers().contains(layer)) { // else it was on its way out before it was pinned
                parts.damage().found(layer, what);
            }
        });
    }

    private void pace(long bytes) {
        try {
            Thread.sleep(Duration.ofNanos((long) (bytes * 1e9 / bytesPerSecond)));
        } catch (InterruptedException e) {
            throw new CancellationException("the store is closed");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        thread.join();
    }
}
