package io.contree.store.oci.limit;

import io.contree.store.Importer;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The one place that knows whether an import may go on: its deadline, its caller's wish, its thread's interrupt. */
public final class ImportControl {
    private static final int MOST_WARNINGS = 50;

    private final AtomicInteger warnings = new AtomicInteger();
    private final Importer.Progress progress;
    private final Duration timeout;
    private final boolean remote;
    private final long startNanos = System.nanoTime();

    /** @param remote whether a registry may be what took the time */
    public ImportControl(Importer.Progress progress, Duration timeout, boolean remote) {
        this.remote = remote;
        this.progress = progress;
        this.timeout = timeout;
    }

    public Importer.Progress progress() {
        return progress;
    }

    /** Warns that something was left out or changed; after many warnings, a last one says that there is more. */
    public void warn(String message) {
        int count = warnings.incrementAndGet();
        if (count <= MOST_WARNINGS) {
            progress.warning(message);
        } else if (count == MOST_WARNINGS + 1) {
            progress.warning("there is more like this, which is not listed");
        }
    }

    /** The time until the deadline, never negative. */
    public Duration left() {
        Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Returns normally if the import may go on.
     *
     * @throws StoreException CANCELLED, or REGISTRY when the time is over
     */
    public void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreException(Kind.CANCELLED, "The import was cancelled.");
        }
        checkFromOutside();
    }

    /** {@code check} for a thread that supervises: its own interrupt is another matter. */
    void checkFromOutside() {
        if (progress.cancelled()) {
            throw new StoreException(Kind.CANCELLED, "The import was cancelled.");
        }
        if (left().isZero()) {
            throw new StoreException(
                    Kind.REGISTRY,
                    "The import timed out after " + timeout.toSeconds() + " s. Give it more time with timeout"
                            + (remote ? ", or check the connection to the registry." : "."));
        }
    }
}
