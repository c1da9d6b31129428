package io.contree.store;

import io.contree.linux.IdMapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a store.
 *
 * @param data the data directory, created if missing
 * @param mapping ids of checkouts; empty to run without a user namespace
 * @param allowPrivateRegistries whether a registry may be on a private or link-local address; loopback always may
 * @param localImportRoots directories on this machine below which imports may read
 * @param stackLayers how many layers an image may have before some are merged in the background, 4 to 400:
 *     mounting and failed look-ups get slower with each layer. A commit merges itself where there would be twice as many, or 450
 */
public record StoreConfig(
        Path data,
        Optional<IdMapping> mapping,
        boolean allowPrivateRegistries,
        List<Path> localImportRoots,
        int stackLayers) {
    public static final int STACK_LAYERS = 64;
    public static final int LEAST_STACK_LAYERS = 4;

    /** Overlayfs takes at most 500. */
    public static final int MOST_STACK_LAYERS = 400;

    public StoreConfig {
        localImportRoots = List.copyOf(localImportRoots);
        if (stackLayers < LEAST_STACK_LAYERS || stackLayers > MOST_STACK_LAYERS) {
            throw new IllegalArgumentException("an image may have " + LEAST_STACK_LAYERS + " to " + MOST_STACK_LAYERS
                    + " layers, not " + stackLayers);
        }
    }

    /** As above, with the default stack height. */
    public StoreConfig(
            Path data, Optional<IdMapping> mapping, boolean allowPrivateRegistries, List<Path> localImportRoots) {
        this(data, mapping, allowPrivateRegistries, localImportRoots, STACK_LAYERS);
    }

    /** As above, without imports from this machine. */
    public StoreConfig(Path data, Optional<IdMapping> mapping, boolean allowPrivateRegistries) {
        this(data, mapping, allowPrivateRegistries, List.of());
    }
}
