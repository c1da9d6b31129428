package io.contree.store.oci;

import io.contree.linux.Uninterruptibly;
import io.contree.store.StoreException;
import io.contree.store.oci.origin.FetchedLayer;
import io.contree.store.oci.origin.ImageOrigin;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Fetches the layers of an import ahead of the thread that unpacks them: a few at once, the lowest first. */
final class LayerDownloads implements AutoCloseable {
    private static final int PARALLEL = 4;

    private final ImageOrigin origin;
    private final ExecutorService executor =
            Executors.newFixedThreadPool(PARALLEL, Thread.ofVirtual().factory());
    private final Map<Integer, Future<FetchedLayer>> fetches = new HashMap<>();

    LayerDownloads(ImageOrigin origin) {
        this.origin = origin;
    }

    /** Queues a layer to be fetched. */
    void start(int layer) {
        fetches.put(layer, executor.submit(() -> origin.fetch(layer)));
    }

    /** Waits for a queued layer. The caller closes it. */
    FetchedLayer await(int layer) throws IOException, InterruptedException {
        Future<FetchedLayer> fetch = fetches.get(layer);
        if (fetch == null) {
            throw new IllegalStateException("layer " + layer + " was not started");
        }
        try {
            FetchedLayer fetched = fetch.get();
            fetches.remove(layer);
            return fetched;
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    private static IOException unwrapped(ExecutionException failure) throws InterruptedException {
        return switch (failure.getCause()) {
            case IOException io -> io;
            case StoreException store -> throw store;
            case InterruptedException interrupted -> throw interrupted;
            case null, default -> throw new IllegalStateException("a layer could not be fetched", failure);
        };
    }

    /** Ends all fetches and removes the layers that nobody took. */
    @Override
    public void close() {
        executor.shutdownNow();
        Uninterruptibly.get(() -> executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
        fetches.values().stream()
                .filter(fetch -> fetch.state() == Future.State.SUCCESS)
                .forEach(fetch -> fetch.resultNow().close());
    }
}
