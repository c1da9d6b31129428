package io.contree.store;

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
            return TreeLayerWriter.open(parts, this, List.copyOf(parents));
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
            Image described = parts.images().describe(sums(layers), stack, env, cwd);
            return parts.images()
                    .known(described)
                    .orElseGet(() -> parts.images().record(described));
        } catch (IOException e) {
            throw IoFailure.of("merge the layers of an image", e);
        }
    }

    /** The sums of a stack: those that lie beside its top layer, else added up from all manifests. */
    StateSums sums(List<LayerId> layers) {
        if (layers.isEmpty()) {
            return parts.skeleton();
        }
        try {
            Path file = parts.layout().layer(layers.getLast()).sums();
            if (Files.exists(file)) {
                LayerSums known = LayerSums.read(file);
                if (known.stack().equals(layers)) {
                    return known.sums();
                }
            }
        } catch (IOException e) {
            throw IoFailure.of("read the sums of layer " + layers.getLast(), e);
        }
        return addedUp(parts.manifests().stack(layers));
    }

    static StateSums addedUp(LayerStack stack) {
        StateDelta delta = new StateDelta();
        MergedEntry root = stack.root();
        delta.add(root.entry(), "");
        new MergedWalk(root).forEach(entry -> delta.add(entry.entry(), entry.link()));
        return delta.sums();
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
