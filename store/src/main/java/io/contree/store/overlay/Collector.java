package io.contree.store.overlay;

import io.contree.linux.Errno;
import io.contree.linux.FaultPoint;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.store.Collected;
import io.contree.store.Digest;
import io.contree.store.DiskUse;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.Removal;
import io.contree.store.disk.RemovalLock;
import io.contree.store.disk.SharedContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what lost the records that named it, while everything else goes on: first the records of images that nothing names,
 * then the layers that no image names, then uploads. A layer or file is moved away first, in no time, and then removed; a crash
 * in between leaves what the next start removes. What cannot be removed does not keep the rest. One works at a time.
 */
final class Collector {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    /** As many share a transaction; nothing new can be pinned for as long as it takes. */
    private static final int BATCH = 64;

    private final Layout layout;
    private final SharedContents contents;
    private final ImageCatalog catalog;
    private final Pins pins;
    private final LayerUses uses;
    private final Consumer<Set<LayerId>> leaving;

    private int images;
    private int layers;
    private int files;
    private DiskUse use = DiskUse.NOTHING;

    /** @param leaving hears which layers are to go, and lets go of what is kept of them for a later use */
    Collector(
            Layout layout,
            SharedContents contents,
            ImageCatalog catalog,
            Pins pins,
            LayerUses uses,
            Consumer<Set<LayerId>> leaving) {
        this.layout = layout;
        this.contents = contents;
        this.catalog = catalog;
        this.pins = pins;
        this.uses = uses;
        this.leaving = leaving;
    }

    /** Removes; empty, with nothing done, while another process reads the directory and must find all of it. */
    synchronized Optional<Collected> collect() throws IOException {
        Optional<RemovalLock> allowed = RemovalLock.remove(layout);
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        try (RemovalLock _ = allowed.get()) {
            images = 0;
            layers = 0;
            files = 0;
            use = DiskUse.NOTHING;
            for (List<UUID> batch : batches(catalog.unneededImages())) {
                pins.collectImages(
                        batch, free -> images += catalog.forgetImages(free).size());
                FaultPoint.reach("collect.images-forgotten");
            }
            collectLayers();
            collectFiles();
            giveBackSpace();
            return Optional.of(new Collected(images, layers, files, use));
        }
    }

    private void giveBackSpace() {
        try {
            catalog.giveBackSpace();
        } catch (StoreException e) {
            LOG.warn("the catalog stays as long as it is until the next collection: {}", e.getMessage());
        }
    }

    /** Does what removes something else; false, with nothing done, while another process must find all that is there. */
    synchronized boolean removing(Runnable work) throws IOException {
        try (RemovalLock allowed = RemovalLock.remove(layout).orElse(null)) {
            if (allowed != null) {
                work.run();
            }
            return allowed != null;
        }
    }

    /** What {@link #collect} would remove now, if nothing is in use. */
    Collected preview() throws IOException {
        Set<UUID> unneeded = catalog.unneededImages();
        Set<LayerId> candidates = new HashSet<>(catalog.releasedLayers().keySet());
        candidates.addAll(catalog.layersOf(unneeded));
        candidates.removeAll(catalog.namedLayers(candidates, unneeded));
        Set<Digest> uploads = catalog.unneededFiles();
        DiskUse total = uses.alone(candidates);
        for (Digest upload : uploads) {
            total = total.plus(measure(layout.file(upload)));
        }
        return new Collected(unneeded.size(), candidates.size(), uploads.size(), total);
    }

    private void collectLayers() {
        leaving.accept(catalog.releasedLayers().keySet());
        try (Pins.Watch watch = pins.watch()) {
            Map<LayerId, Long> released = catalog.releasedLayers();
            Set<LayerId> named = catalog.namedLayers(released.keySet(), Set.of());
            Map<LayerId, Long> kept = new HashMap<>(released);
            kept.keySet().retainAll(named);
            catalog.keepLayers(kept);
            Set<LayerId> garbage = new HashSet<>(released.keySet());
            garbage.removeAll(named);
            for (List<LayerId> batch : batches(garbage)) {
                removeLayers(watch, batch);
            }
        }
    }

    private void removeLayers(Pins.Watch watch, List<LayerId> batch) {
        Map<Path, LayerId> places = batch.stream()
                .collect(Collectors.toMap(layer -> layout.layer(layer).directory(), layer -> layer));
        Map<LayerId, Path> moved = new HashMap<>();
        watch.collectAll(places.keySet(), free -> {
            catalog.forgetChains(free.stream().map(places::get).toList());
            FaultPoint.pass("collect.chains-forgotten");
            free.forEach(place -> moveAway(place).ifPresent(to -> moved.put(places.get(place), to)));
        });
        moved.values().forEach(place -> {
            FaultPoint.pass("collect.layer-moved");
            count(place);
            contents.release(new Layout.LayerDirectory(place));
            FaultPoint.pass("collect.contents-released");
            Removal.remove(place);
        });
        FaultPoint.pass("collect.layers-removed");
        layers += moved.size();
        catalog.removedLayers(moved.keySet());
        FaultPoint.pass("collect.layers-settled");
    }

    private void collectFiles() {
        try (Pins.Watch watch = pins.watch()) {
            for (List<Digest> batch : batches(catalog.unneededFiles())) {
                Map<Path, Digest> places = batch.stream().collect(Collectors.toMap(layout::file, digest -> digest));
                List<Digest> gone = new ArrayList<>();
                watch.collectAll(places.keySet(), free -> {
                    Set<Digest> forgotten =
                            catalog.forgetFiles(free.stream().map(places::get).toList());
                    FaultPoint.pass("collect.files-forgotten");
                    for (Digest digest : forgotten) {
                        moveAway(layout.file(digest)).ifPresent(to -> {
                            count(to);
                            Removal.remove(to);
                            gone.add(digest);
                        });
                    }
                });
                FaultPoint.pass("collect.files-removed");
                files += gone.size();
                catalog.removedFiles(gone);
            }
        }
    }

    /** Where something is from now on, even if it was gone before; empty if it cannot be moved, which is logged. */
    private Optional<Path> moveAway(Path place) {
        Path to = layout.temporary().resolve(UUID.randomUUID().toString());
        try {
            FaultPoint.reach("collect.moving");
            FileCalls.rename(place, to, false);
            return Optional.of(to);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.of(to);
            }
            LOG.warn("could not remove {}; the next collection tries again: {}", place, e.getMessage());
            return Optional.empty();
        }
    }

    private void count(Path place) {
        try {
            use = use.plus(measure(place));
        } catch (IOException e) {
            LOG.debug("{} cannot be measured: {}", place, e.toString());
        }
    }

    private static DiskUse measure(Path place) throws IOException {
        try {
            if (Files.isDirectory(place)) {
                return DiskUsage.of(place, () -> true);
            }
            return new DiskUse(Files.size(place), 1);
        } catch (NoSuchFileException e) {
            return DiskUse.NOTHING;
        }
    }

    private static <T> List<List<T>> batches(Collection<T> all) {
        List<T> items = List.copyOf(all);
        return Stream.iterate(0, from -> from < items.size(), from -> from + BATCH)
                .map(from -> items.subList(from, Math.min(items.size(), from + BATCH)))
                .toList();
    }
}
