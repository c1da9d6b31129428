package io.contree.store.overlay;

import io.contree.store.LayerId;
import io.contree.store.check.LayerProof;
import io.contree.store.disk.Pins;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Reads layers beside the work of others, for threads that are interrupted to end them.
 *
 * @param bytesPerSecond more than that is not read
 */
record SlowReading(StoreParts parts, long bytesPerSecond) {
    /** Takes the time that so many bytes may take. */
    void pace(long bytes) {
        rest(Duration.ofNanos((long) (bytes * 1e9 / bytesPerSecond)));
    }

    static void rest(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new CancellationException("the store is closed");
        }
    }

    /** Compares a layer with what was written, and records it if it is damaged. */
    void prove(LayerId layer) {
        try (Pins.Lease lease = parts.pins().lease()) {
            lease.add(layer);
            LayerProof.problem(parts.layout(), layer, this::pace).ifPresent(what -> {
                if (parts.catalog().layers().contains(layer)) { // else it was on its way out before it was pinned
                    parts.damage().found(layer, what);
                }
            });
        }
    }
}
