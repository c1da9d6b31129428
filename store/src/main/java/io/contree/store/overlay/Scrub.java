package io.contree.store.overlay;

import io.contree.store.LayerId;
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
    private final SlowReading reading;
    private final BackgroundThread thread;

    Scrub(StoreParts parts, long bytesPerSecond) {
        this.parts = parts;
        this.reading = new SlowReading(parts, bytesPerSecond);
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
            try {
                reading.prove(layer);
            } catch (CancellationException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.warn("could not read layer {} through: {}", layer, e.toString());
            }
            reading.pace(LAYER_BYTES);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        thread.join();
    }
}
