package io.contree.store.overlay;

import io.contree.linux.Mounts;
import io.contree.store.Collected;
import io.contree.store.ImageCatalog;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.Removal;
import io.contree.store.disk.SetAside;
import io.contree.store.disk.SharedContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what no record names and nobody pins: half-made things at once, while finished ones are set aside. What it
 * finds when a store is opened, before anything is pinned, was left by a killed process.
 */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private final Layout layout;
    private final SharedContents contents;
    private final ImageCatalog catalog;
    private final Pins pins;
    private final Collector collector;

    /** @param collector removes what is known to be garbage */
    Sweep(Layout layout, SharedContents contents, ImageCatalog catalog, Pins pins, Collector collector) {
        this.layout = layout;
        this.contents = contents;
        this.catalog = catalog;
        this.pins = pins;
        this.collector = collector;
    }

    /** Returns what the collector removed; empty if it may not work now. */
    Optional<Collected> run() throws IOException {
        Optional<Collected> collected = collector.collect();
        SetAside aside = new SetAside(layout, Clock.systemUTC());
        try (Pins.Watch watch = pins.watch()) {
            unmount(watch);
            empty(layout.mounts(), watch);
            empty(layout.checkouts(), watch);
            empty(layout.temporary(), watch);
            sweepLayers(watch, aside);
            sweepFiles(watch, aside);
        }
        aside.report();
        aside.removeOld();
        contents.sweep();
        return collected;
    }

    /** Mounts may lie below a pinned one, as all lie below that of {@code mounts} itself. */
    private void unmount(Pins.Watch watch) throws IOException {
        for (Path mount : Mounts.below(layout.mounts())) {
            Path top = layout.mounts().relativize(mount).getName(0);
            if (!watch.spares(layout.mounts().resolve(top))) {
                Mounts.unmount(mount, true);
            }
        }
    }

    private static void empty(Path directory, Pins.Watch watch) throws IOException {
        for (Path child : children(directory)) {
            if (!watch.spares(child)) {
                Removal.remove(child);
            }
        }
    }

    private void sweepLayers(Pins.Watch watch, SetAside aside) throws IOException {
        List<Path> found = children(layout.layers());
        Set<Path> missing = catalog.layers().stream()
                .map(layer -> layout.layer(layer).directory())
                .collect(Collectors.toCollection(HashSet::new));
        Set<Path> garbage = catalog.releasedLayers().keySet().stream()
                .map(layer -> layout.layer(layer).directory())
                .collect(Collectors.toSet());
        setAside(found.stream().filter(layer -> !garbage.contains(layer)).toList(), missing, watch, aside);
        missing.removeIf(garbage::contains);
        for (Path layer : missing) {
            if (Files.notExists(layer) && !aside.bringBack(layer)) {
                LOG.error("layer {} is missing from {}", layer.getFileName(), layout.layers());
            }
        }
    }

    private void sweepFiles(Pins.Watch watch, SetAside aside) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path directory : children(layout.files())) {
            found.addAll(Files.isDirectory(directory) ? children(directory) : List.of(directory));
        }
        Set<Path> missing = catalog.files().stream().map(layout::file).collect(Collectors.toCollection(HashSet::new));
        setAside(found, missing, watch, aside);
        for (Path file : missing) {
            if (Files.notExists(file) && !aside.bringBack(file)) {
                LOG.error("file sha256:{} is missing from {}", file.getFileName(), layout.files());
            }
        }
    }

    /** Sets aside what is not named, and removes from the named what was found. */
    private static void setAside(List<Path> found, Set<Path> named, Pins.Watch watch, SetAside aside) {
        for (Path path : found) {
            if (!named.remove(path)) {
                watch.collect(path, aside::keep);
            }
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }
}
