package io.contree.store;

import io.contree.store.check.Records;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A catalog for tests that is as durable as the object: hand it to the next store to simulate a restart. */
public final class InMemoryImageCatalog implements ImageCatalog, Records {
    private final Map<UUID, Image> images = new HashMap<>();
    private final Map<UUID, byte[]> configs = new HashMap<>();
    private final Map<Digest, LayerId> chains = new HashMap<>();
    private final Map<LayerId, String> damaged = new HashMap<>();
    private final Map<Digest, StoredFile> files = new HashMap<>();
    private final Set<String> owned = new HashSet<>();
    private final Map<UUID, Integer> owners = new HashMap<>();
    private final Set<UUID> releasedImages = new HashSet<>();
    private final Map<LayerId, Long> releasedLayers = new HashMap<>();
    private long version;
    private final Set<Digest> releasedFiles = new HashSet<>();

    /** What happens before a stack is replaced, outside of any lock; it may fail. */
    public volatile Runnable beforeRestack = () -> {};

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
    public boolean restack(UUID uuid, List<LayerId> from, List<LayerId> to) {
        beforeRestack.run();
        synchronized (this) {
            Image image = images.get(uuid);
            if (image == null || !image.layers().equals(from)) {
                return false;
            }
            replaceLayers(uuid, to);
            from.stream().filter(layer -> !to.contains(layer)).forEach(this::releaseLayer);
            return true;
        }
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
        return Optional.ofNullable(chains.get(chainId))
                .filter(layer -> owned.contains(owner + " " + chainId) && !damaged.containsKey(layer));
    }

    @Override
    public synchronized LayerId recordChain(UUID owner, Digest chainId, LayerId layer) {
        owned.add(owner + " " + chainId);
        LayerId replaced = chains.get(chainId);
        if (replaced != null && damaged.containsKey(replaced)) {
            chains.remove(chainId);
            releaseLayer(replaced);
        }
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
        releasedFiles.remove(file.digest());
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

    /** As if a project had reached an image. */
    public synchronized void grant(UUID image) {
        owners.merge(image, 1, Integer::sum);
        releasedImages.remove(image);
    }

    /** As if a project had removed an image; it is released with the last that has it. */
    public synchronized void release(UUID image) {
        if (owners.merge(image, -1, Integer::sum) <= 0) {
            owners.remove(image);
            releasedImages.add(image);
        }
    }

    /** Releases a file as if the last project that had it had removed it. */
    public synchronized void release(Digest file) {
        releasedFiles.add(file);
    }

    private void releaseLayer(LayerId layer) {
        releasedLayers.put(layer, ++version);
    }

    @Override
    public synchronized void releaseLayers(Collection<LayerId> layers) {
        layers.forEach(this::releaseLayer);
    }

    @Override
    public synchronized void releaseUnnamedImages() {
        // Nobody but a test names images here, by not releasing them.
    }

    @Override
    public synchronized void releaseUnusedChains() {
        Set<LayerId> chained = new HashSet<>(chains.values());
        chained.removeAll(namedLayers(chained, Set.of()));
        chained.forEach(this::releaseLayer);
    }

    @Override
    public synchronized Set<UUID> unneededImages() {
        Set<UUID> unneeded = new HashSet<>(releasedImages);
        unneeded.retainAll(images.keySet());
        return unneeded;
    }

    @Override
    public synchronized Set<UUID> forgetImages(Collection<UUID> candidates) {
        Set<UUID> forgotten = new HashSet<>();
        for (UUID uuid : candidates) {
            Image image = releasedImages.remove(uuid) ? images.remove(uuid) : null;
            if (image != null) {
                configs.remove(uuid);
                image.layers().forEach(this::releaseLayer);
                forgotten.add(uuid);
            }
        }
        return forgotten;
    }

    @Override
    public synchronized Map<LayerId, Long> releasedLayers() {
        return new HashMap<>(releasedLayers);
    }

    @Override
    public synchronized Set<LayerId> layersOf(Collection<UUID> uuids) {
        Set<LayerId> layers = new HashSet<>();
        uuids.forEach(uuid -> image(uuid).ifPresent(image -> layers.addAll(image.layers())));
        return layers;
    }

    @Override
    public synchronized Set<LayerId> namedLayers(Set<LayerId> layers, Set<UUID> without) {
        Set<LayerId> named = new HashSet<>();
        images.values().stream()
                .filter(image -> !without.contains(image.uuid()))
                .forEach(image -> named.addAll(image.layers()));
        named.retainAll(layers);
        return named;
    }

    @Override
    public synchronized void forgetChains(Collection<LayerId> layers) {
        chains.values().removeIf(layers::contains);
    }

    @Override
    public synchronized void keepLayers(Map<LayerId, Long> layers) {
        layers.forEach(releasedLayers::remove);
    }

    @Override
    public synchronized void removedLayers(Collection<LayerId> layers) {
        releasedLayers.keySet().removeAll(layers);
    }

    @Override
    public synchronized Set<Digest> unneededFiles() {
        return new HashSet<>(releasedFiles);
    }

    @Override
    public synchronized Set<Digest> forgetFiles(Collection<Digest> candidates) {
        Set<Digest> forgotten = new HashSet<>(candidates);
        forgotten.retainAll(releasedFiles);
        forgotten.forEach(files::remove);
        return forgotten;
    }

    @Override
    public synchronized void removedFiles(Collection<Digest> removed) {
        releasedFiles.removeAll(removed);
    }

    @Override
    public void giveBackSpace() {
        // it takes up none on the disk
    }

    @Override
    public DamageCatalog damage() {
        return new Damage();
    }

    private final class Damage implements DamageCatalog {
        @Override
        public Map<LayerId, String> layers() {
            synchronized (InMemoryImageCatalog.this) {
                return Map.copyOf(damaged);
            }
        }

        @Override
        public void record(LayerId layer, String what, Instant at) {
            synchronized (InMemoryImageCatalog.this) {
                damaged.putIfAbsent(layer, what);
            }
        }

        @Override
        public void clear(LayerId layer) {
            synchronized (InMemoryImageCatalog.this) {
                damaged.remove(layer);
            }
        }

        @Override
        public int restackAll(List<LayerId> from, List<LayerId> to) {
            synchronized (InMemoryImageCatalog.this) {
                int count = 0;
                if (from.isEmpty()) {
                    return count;
                }
                for (Image image : List.copyOf(images.values())) {
                    List<LayerId> stack = image.layers();
                    if (stack.size() >= from.size()
                            && stack.subList(0, from.size()).equals(from)) {
                        List<LayerId> restacked = new ArrayList<>(to);
                        restacked.addAll(stack.subList(from.size(), stack.size()));
                        replaceLayers(image.uuid(), restacked);
                        count++;
                    }
                }
                from.stream().filter(layer -> !to.contains(layer)).forEach(InMemoryImageCatalog.this::releaseLayer);
                return count;
            }
        }

        @Override
        public void forgetFile(Digest digest) {
            synchronized (InMemoryImageCatalog.this) {
                files.remove(digest);
            }
        }
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public synchronized List<String> imageIds() {
        return images.values().stream()
                .sorted(Comparator.comparing(Image::createdAt))
                .map(image -> image.uuid().toString())
                .toList();
    }

    @Override
    public synchronized void forEachStack(BiConsumer<UUID, List<LayerId>> visitor) {
        images.values().forEach(image -> visitor.accept(image.uuid(), image.layers()));
    }

    @Override
    public synchronized void forEachFile(Consumer<StoredFile> visitor) {
        files.values().forEach(visitor);
    }

    @Override
    public synchronized Set<String> released() {
        Set<String> released = new HashSet<>();
        releasedLayers.keySet().forEach(layer -> released.add(layer.toString()));
        releasedFiles.forEach(file -> released.add(file.hex()));
        return released;
    }

    @Override
    public Map<UUID, List<String>> names(Collection<UUID> images) {
        return Map.of();
    }
}
