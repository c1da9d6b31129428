package io.contree.store.overlay;

import io.contree.store.LayerId;
import io.contree.store.dedup.DuplicateSearch;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for equal contents in all layers again and again, slowly, and lets them share their blocks. */
final class ContentSharing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContentSharing.class);
    private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(10);
    private static final Duration OTHERS_FIRST = Duration.ofSeconds(1);

    private final StoreParts parts;
    private final Predicate<Runnable> undisturbed;
    private final SlowReading reading;
    private final BackgroundThread thread;

    private volatile boolean closed;

    /** @param undisturbed does something that is soon over; false, with nothing done, while it would disturb somebody */
    ContentSharing(StoreParts parts, Predicate<Runnable> undisturbed, long bytesPerSecond) {
        this.parts = parts;
        this.undisturbed = undisturbed;
        this.reading = new SlowReading(parts, bytesPerSecond);
        this.thread = BackgroundThread.start("store-sharing", this::work);
    }

    private void work() {
        try {
            long seen = 0;
            while (true) {
                Set<LayerId> layers = new HashSet<>(parts.catalog().layers());
                layers.removeAll(parts.catalog().damage().layers().keySet());
                long now = layers.stream().mapToLong(LayerId::hashCode).sum() + layers.size();
                if (now != seen) {
                    round(layers);
                }
                seen = now;
                Thread.sleep(BETWEEN_ROUNDS);
            }
        } catch (InterruptedException | CancellationException e) {
            LOG.debug("equal contents are no longer looked for");
        }
    }

    private void round(Set<LayerId> layers) {
        try {
            long bytes = new DuplicateSearch(parts.layout(), parts.equal(), layers, new Slowly()).run();
            if (bytes > 0) {
                LOG.info("{} MiB of equal contents share blocks now", bytes >> 20);
            }
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("could not look for equal contents: {}", e.toString());
        }
    }

    private final class Slowly implements DuplicateSearch.Searcher {
        @Override
        public void pace(long bytes) {
            demandOpen();
            reading.pace(bytes);
        }

        @Override
        public void step(Runnable step) {
            while (!undisturbed.test(step)) {
                demandOpen();
                SlowReading.rest(OTHERS_FIRST);
            }
        }

        private void demandOpen() {
            if (closed) {
                throw new CancellationException("the store is closed");
            }
        }

        @Override
        public void differ(LayerId one, LayerId other) {
            reading.prove(one);
            reading.prove(other);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        thread.join();
    }
}
