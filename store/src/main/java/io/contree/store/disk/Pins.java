package io.contree.store.disk;

import io.contree.store.LayerId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What is in use in a data directory, and so stays whether or not a record names it: layers, files, checkouts, mounts
 * and all that is half-made, by their paths in the {@link Layout}. A path is pinned before anything is made or looked
 * for there, until a record names it or it is gone. Images are pinned too: the record of one stays as long as it is.
 * Safe for use by several threads.
 */
public final class Pins {
    private final Layout layout;
    private final Map<Path, Integer> leases = new HashMap<>();
    private final Map<UUID, Integer> images = new HashMap<>();
    private final List<Watch> watches = new ArrayList<>();

    public Pins(Layout layout) {
        this.layout = layout;
    }

    /** What one user needs, until it is closed. Used by one thread at a time. */
    public final class Lease implements AutoCloseable {
        private final List<Path> paths = new ArrayList<>();
        private final List<UUID> held = new ArrayList<>();

        private Lease() {}

        public void add(Path path) {
            pin(path);
            paths.add(path);
        }

        public void add(LayerId layer) {
            add(layout.layer(layer).directory());
        }

        public void add(List<LayerId> layers) {
            layers.forEach(this::add);
        }

        /** From now on the record of an image stays, if it is there. */
        public void add(UUID image) {
            pin(image);
            held.add(image);
        }

        @Override
        public void close() {
            release(paths, held);
            paths.clear();
            held.clear();
        }
    }

    /**
     * What a sweep must spare: all that is pinned while it looks, if only for a moment. So what it finds on disk before
     * it asks the catalog has a record by then, or a pin, or nobody needs it.
     */
    public final class Watch implements AutoCloseable {
        private final Set<Path> spared;

        private Watch() {
            this.spared = new HashSet<>(leases.keySet());
        }

        public boolean spares(Path path) {
            synchronized (Pins.this) {
                return spared.contains(path);
            }
        }

        /** Does something to a path that is not spared; nobody can pin it before that is done. */
        public void collect(Path path, Consumer<Path> work) {
            collectAll(List.of(path), free -> work.accept(path));
        }

        /** As {@link #collect}, with all of the paths that are not spared at once; not called if there is none. */
        public void collectAll(Collection<Path> paths, Consumer<List<Path>> work) {
            synchronized (Pins.this) {
                List<Path> free =
                        paths.stream().filter(path -> !spared.contains(path)).toList();
                if (!free.isEmpty()) {
                    work.accept(free);
                }
            }
        }

        @Override
        public void close() {
            synchronized (Pins.this) {
                watches.remove(this);
            }
        }
    }

    /** Does something to those of the images that nobody has pinned; nobody can pin one before that is done. */
    public synchronized void collectImages(Collection<UUID> found, Consumer<List<UUID>> work) {
        List<UUID> free =
                found.stream().filter(image -> !images.containsKey(image)).toList();
        if (!free.isEmpty()) {
            work.accept(free);
        }
    }

    public Lease lease() {
        return new Lease();
    }

    public synchronized Watch watch() {
        Watch watch = new Watch();
        watches.add(watch);
        return watch;
    }

    private synchronized void pin(Path path) {
        leases.merge(path, 1, Integer::sum);
        watches.forEach(watch -> watch.spared.add(path));
    }

    private synchronized void pin(UUID image) {
        images.merge(image, 1, Integer::sum);
    }

    private synchronized void release(List<Path> paths, List<UUID> held) {
        paths.forEach(path -> leases.computeIfPresent(path, (same, count) -> count == 1 ? null : count - 1));
        held.forEach(image -> images.computeIfPresent(image, (same, count) -> count == 1 ? null : count - 1));
    }
}
