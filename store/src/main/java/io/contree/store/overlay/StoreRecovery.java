package io.contree.store.overlay;

import io.contree.linux.Mounts;
import io.contree.store.Digest;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Removal;
import io.contree.store.disk.SetAside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears up what a killed process left in a data directory, before anything else is done: half-made things are removed, and
 * finished ones that no record names are set aside.
 */
final class StoreRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRecovery.class);

    private final Layout layout;
    private final ImageCatalog catalog;
    private final SetAside aside;

    StoreRecovery(Layout layout, ImageCatalog catalog) {
        this.layout = layout;
        this.catalog = catalog;
        this.aside = new SetAside(layout, Clock.systemUTC());
    }

    void run() throws IOException {
        unmountAll();
        empty(layout.mounts());
        empty(layout.checkouts());
        empty(layout.temporary());
        sweepLayers();
        sweepFiles();
        aside.report();
        aside.removeOld();
    }

    void unmountAll() throws IOException {
        for (Path mount : Mounts.below(layout.mounts())) {
            Mounts.unmount(mount, true);
        }
    }

    private static void empty(Path directory) throws IOException {
        for (Path child : children(directory)) {
            Removal.remove(child);
        }
    }

    private void sweepLayers() throws IOException {
        Set<String> missing =
                catalog.layers().stream().map(LayerId::toString).collect(Collectors.toCollection(HashSet::new));
        for (Path layer : children(layout.layers())) {
            if (!missing.remove(layer.getFileName().toString())) {
                aside.keep(layer);
            }
        }
        for (String layer : missing) {
            if (!aside.bringBack(layout.layers().resolve(layer))) {
                LOG.error("layer {} is missing from {}", layer, layout.layers());
            }
        }
    }

    private void sweepFiles() throws IOException {
        Set<Digest> missing = new HashSet<>(catalog.files());
        for (Path directory : children(layout.files())) {
            if (!Files.isDirectory(directory)) {
                aside.keep(directory);
                continue;
            }
            for (Path file : children(directory)) {
                Optional<Digest> digest = digest(file);
                if (digest.isEmpty() || !missing.remove(digest.get())) {
                    aside.keep(file);
                }
            }
        }
        for (Digest file : missing) {
            if (!aside.bringBack(layout.file(file))) {
                LOG.error("file {} is missing from {}", file, layout.files());
            }
        }
    }

    private Optional<Digest> digest(Path file) {
        try {
            Digest digest = new Digest(file.getFileName().toString());
            return layout.file(digest).equals(file) ? Optional.of(digest) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }
}
