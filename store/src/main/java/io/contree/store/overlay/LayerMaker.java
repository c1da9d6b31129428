package io.contree.store.overlay;

import io.contree.store.Image;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.Layers;
import io.contree.store.StoreConfig;
import io.contree.store.disk.Removal;
import io.contree.store.layer.TreeLayerWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/** Layers that are listed and not run. */
final class LayerMaker implements Layers {
    private final StoreParts parts;

    LayerMaker(StoreParts parts) {
        this.parts = parts;
    }

    @Override
    public LayerWriter write(List<LayerId> parents) {
        try {
            return TreeLayerWriter.open(
                    parts.layout(), parts.manifests(), parts.sums(), parts.xattrs(), List.copyOf(parents));
        } catch (IOException e) {
            throw IoFailure.of("start a layer", e);
        }
    }

    @Override
    public Image record(List<LayerId> layers, SortedMap<String, String> env, String cwd) {
        try {
            // Shared layers stay as they are, unless overlayfs would not take them.
            List<LayerId> stack = layers.size() > StoreConfig.MOST_STACK_LAYERS
                    ? parts.depth().bounded(layers)
                    : layers;
            Image described = parts.images().describe(parts.sums().of(layers), stack, env, cwd);
            return parts.images()
                    .known(described)
                    .orElseGet(() -> parts.images().record(described));
        } catch (IOException e) {
            throw IoFailure.of("merge the layers of an image", e);
        }
    }

    @Override
    public void discard(LayerId layer) {
        Removal.remove(parts.layout().layer(layer).directory());
    }

    @Override
    public Path temporaryDirectory() {
        try {
            return Files.createDirectory(
                    parts.layout().temporary().resolve(UUID.randomUUID().toString()));
        } catch (IOException e) {
            throw IoFailure.of("make a temporary directory", e);
        }
    }
}
