package io.contree.store.oci;

import io.contree.linux.FaultPoint;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.Importer.Imported;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.Layers;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.limit.ByteBudget;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.origin.FetchedLayer;
import io.contree.store.oci.origin.ImageOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Imports an image that comes in layers. Each layer is kept under its chain id, so images with the same lowest layers
 * share them, and a layer that the owner already has here is not fetched again.
 */
final class LayeredImport {
    private final Layers layers;
    private final ImageCatalog catalog;
    private final ChainLocks locks;
    private final UUID owner;
    private final ImageOrigin origin;
    private final ImportControl control;
    private final ByteBudget budget;
    private final List<Digest> chains;
    private final List<LayerId> stack = new ArrayList<>();
    private final Set<Digest> held = new HashSet<>();
    private long moved;

    LayeredImport(
            Layers layers,
            ImageCatalog catalog,
            ChainLocks locks,
            UUID owner,
            ImageOrigin origin,
            ImportControl control,
            ImportLimits limits) {
        this.layers = layers;
        this.catalog = catalog;
        this.locks = locks;
        this.owner = owner;
        this.origin = origin;
        this.control = control;
        this.budget = new ByteBudget(limits);
        this.chains = origin.config().chainIds();
    }

    /** Fetches the missing layers and records the image. */
    Imported run() throws IOException, InterruptedException {
        try (Layers.Use use = layers.use()) {
            try {
                holdMissing(use);
                if (stack.size() < chains.size()) {
                    unpackMissing(use);
                }
            } finally {
                held.forEach(chain -> locks.release(owner, chain));
            }
            control.check();
            FaultPoint.reach("import.layers-there");
            Image image = layers.record(stack, origin.config().env(), "", control.progress()::reaching);
            FaultPoint.reach("import.recorded");
            catalog.recordConfig(image.uuid(), origin.config().document());
            return new Imported(image, moved);
        }
    }

    /** Puts the layers that are here on the stack, and holds the chains of all others. */
    private void holdMissing(Layers.Use use) throws InterruptedException {
        for (Digest chain : chains) {
            Optional<LayerId> known = known(chain, use);
            if (known.isEmpty()) {
                locks.acquire(owner, chain);
                held.add(chain);
                // Whoever held it before may have made the layer.
                known = known(chain, use);
            }
            if (known.isPresent()) {
                stack.add(known.get());
                release(chain);
            }
        }
    }

    private Optional<LayerId> known(Digest chain, Layers.Use use) {
        if (stack.size() != chains.indexOf(chain)) {
            return Optional.empty();
        }
        Optional<LayerId> known = catalog.layerOfChain(owner, chain);
        known.ifPresent(use::add);
        // It may have been removed before it was in use.
        return known.filter(layer -> catalog.layerOfChain(owner, chain).equals(known) && layers.isWhole(layer));
    }

    private void release(Digest chain) {
        if (held.remove(chain)) {
            locks.release(owner, chain);
        }
    }

    private void unpackMissing(Layers.Use use) throws IOException, InterruptedException {
        try (LayerDownloads downloads = new LayerDownloads(origin)) {
            for (int layer = stack.size(); layer < chains.size(); layer++) {
                downloads.start(layer);
            }
            for (int layer = stack.size(); layer < chains.size(); layer++) {
                try (FetchedLayer fetched = downloads.await(layer)) {
                    unpack(layer, fetched, use);
                }
                release(chains.get(layer));
            }
        }
    }

    private void unpack(int layer, FetchedLayer fetched, Layers.Use use) throws IOException {
        String name = origin.layerName(layer);
        try (LayerWriter writer = layers.write(stack);
                LayerStream stream = new LayerStream(
                        fetched.open(), "Layer " + name, "unpack " + name, fetched.size(), budget, control)) {
            LayerStream.Result result = stream.unpack(writer, LayerUnpacker.Whiteouts.HIDE);
            Digest promised = origin.config().diffIds().get(layer);
            if (!result.diffId().equals(promised)) {
                throw new StoreException(
                        Kind.INVALID,
                        "Layer " + name + " unpacks to the digest " + result.diffId()
                                + ", but the image's config promises " + promised
                                + ". The image is damaged or was built wrongly.");
            }
            moved += fetched.size();
            LayerId made = writer.finish();
            FaultPoint.reach("import.layer-made");
            use.add(made);
            LayerId kept = catalog.recordChain(owner, chains.get(layer), made);
            while (!kept.equals(made)) {
                use.add(kept);
                if (catalog.layerOfChain(owner, chains.get(layer))
                        .filter(kept::equals)
                        .isPresent()) {
                    break;
                }
                kept = catalog.recordChain(owner, chains.get(layer), made); // that one was removed before it was in use
            }
            if (!kept.equals(made)) {
                // Another owner has the same layer: only one is kept.
                layers.discard(made);
            }
            stack.add(kept);
        }
    }
}
