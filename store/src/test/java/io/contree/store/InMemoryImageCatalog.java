package io.contree.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** A catalog for tests that is as durable as the object: hand it to the next store to simulate a restart. */
public final class InMemoryImageCatalog implements ImageCatalog {
    private final Map<UUID, Image> images = new HashMap<>();
    private final Map<UUID, byte[]> configs = new HashMap<>();
    private final Map<Digest, LayerId> chains = new HashMap<>();
    private final Map<Digest, StoredFile> files = new HashMap<>();
    private final Set<String> owned = new HashSet<>();

    @Override
    public synchronized Optional<Image> image(UUID uuid) {
        return Optional.ofNullable(images.get(uuid));
    }

    @Override
    public synchronized Image record(Image image) {
        Image known = images.putIfAbsent(image.uuid(), image);
        if (known == null) {
            return image;
        }
        if (!known.key().equals(image.key())) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT, "image " + image.uuid() + " is known under another key");
        }
        return known;
    }

    @Override
    public synchronized boolean restack(UUID uuid, List<LayerId> from, List<LayerId> to) {
        Image image = images.get(uuid);
        if (image == null || !image.layers().equals(from)) {
            return false;
        }
        replaceLayers(uuid, to);
        return true;
    }

    @Override
    public synchronized void recordConfig(UUID image, byte[] config) {
        configs.put(image, config.clone());
    }

    @Override
    public synchronized Optional<byte[]> config(UUID image) {
        return Optional.ofNullable(configs.get(image)).map(byte[]::clone);
    }

    @Override
    public synchronized Optional<LayerId> layerOfChain(UUID owner, Digest chainId) {
        return Optional.ofNullable(chains.get(chainId)).filter(layer -> owned.contains(owner + " " + chainId));
    }

    @Override
    public synchronized LayerId recordChain(UUID owner, Digest chainId, LayerId layer) {
        owned.add(owner + " " + chainId);
        LayerId known = chains.putIfAbsent(chainId, layer);
        return known == null ? layer : known;
    }

    @Override
    public synchronized Set<LayerId> layers() {
        Set<LayerId> layers = new HashSet<>(chains.values());
        images.values().forEach(image -> layers.addAll(image.layers()));
        return layers;
    }

    @Override
    public synchronized void forEachStack(Consumer<List<LayerId>> visitor) {
        images.values().forEach(image -> visitor.accept(image.layers()));
    }

    /** Gives an image other layers, as nothing but a test does. */
    public synchronized void replaceLayers(UUID uuid, List<LayerId> layers) {
        images.computeIfPresent(
                uuid,
                (known, image) -> new Image(
                        known,
                        image.key(),
                        image.state(),
                        image.content(),
                        layers,
                        image.env(),
                        image.cwd(),
                        image.createdAt()));
    }

    @Override
    public synchronized StoredFile recordFile(StoredFile file) {
        StoredFile known = files.putIfAbsent(file.digest(), file);
        return known == null ? file : known;
    }

    @Override
    public synchronized Optional<StoredFile> file(Digest digest) {
        return Optional.ofNullable(files.get(digest));
    }

    @Override
    public synchronized Optional<StoredFile> file(UUID uuid) {
        return files.values().stream().filter(file -> file.uuid().equals(uuid)).findFirst();
    }

    @Override
    public synchronized List<Digest> files() {
        return new ArrayList<>(files.keySet());
    }
}
