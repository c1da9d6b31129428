package io.contree.store.overlay;

import io.contree.store.Image;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.Layers;
import io.contree.store.StoreConfig;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.Removal;
import io.contree.store.layer.TreeLayerWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Makes layers from listings, not from runs. */
final class LayerMaker implements Layers {
    private final StoreParts parts;

    LayerMaker(StoreParts parts) {
        this.parts = parts;
    }

    @Override
    public LayerWriter write(List<LayerId> parents) {
        try {
            return TreeLayerWriter.open(
                    parts.layout(),
                    parts.contents(),
                    parts.manifests(),
                    parts.pins(),
                    parts.sums(),
                    parts.xattrs(),
                    parts.equal(),
                    List.copyOf(parents));
        } catch (IOException e) {
            throw IoFailure.of("start a layer", e);
        }
    }

    @Override
    public Image record(List<LayerId> layers, SortedMap<String, String> env, String cwd, Consumer<UUID> reaching) {
        try (Pins.Lease lease = parts.pins().lease()) {
            lease.add(layers);
            // Shared layers stay as they are, unless overlayfs would not take so many.
            List<LayerId> stack = layers.size() > StoreConfig.MOST_STACK_LAYERS
                    ? parts.depth().bounded(layers, lease)
                    : layers;
            Image described = parts.images().describe(parts.sums().of(layers), stack, env, cwd);
            reaching.accept(described.uuid());
            Optional<Image> known = parts.images().known(described);
            if (known.isPresent()
                    && !known.get().layers().equals(stack)
                    && parts.damage().isIn(known.get().layers())) {
                return parts.images().heal(known.get(), stack);
            }
            return known.orElseGet(() -> parts.images().record(described));
        } catch (IOException e) {
            throw IoFailure.of("merge the layers of an image", e);
        }
    }

    @Override
    public Use use() {
        Pins.Lease lease = parts.pins().lease();
        return new Use() {
            @Override
            public void add(LayerId layer) {
                lease.add(layer);
            }

            @Override
            public void close() {
                lease.close();
            }
        };
    }

    @Override
    public boolean isWhole(LayerId layer) {
        return parts.damage().isWhole(layer);
    }

    @Override
    public void discard(LayerId layer) {
        Layout.LayerDirectory directory = parts.layout().layer(layer);
        parts.contents().release(directory);
        Removal.remove(directory.directory());
    }

    @Override
    public Scratch scratch() {
        Path directory = parts.layout().temporary().resolve(UUID.randomUUID().toString());
        Pins.Lease lease = parts.pins().lease();
        lease.add(directory);
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            lease.close();
            throw IoFailure.of("make a temporary directory", e);
        }
        return new Scratch() {
            @Override
            public Path directory() {
                return directory;
            }

            @Override
            public void close() {
                Removal.remove(directory);
                lease.close();
            }
        };
    }
}
