package io.contree.store;

import io.contree.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what a killed process left in a data directory: all that no record names. Runs before anything else does. */
final class StoreRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRecovery.class);

    private final Layout layout;
    private final ImageCatalog catalog;

    StoreRecovery(Layout layout, ImageCatalog catalog) {
        this.layout = layout;
        this.catalog = catalog;
    }

    void run() throws IOException {
        unmountAll();
        empty(layout.mounts());
        empty(layout.checkouts());
        empty(layout.temporary());
        sweepLayers();
        sweepFiles();
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
        int removed = 0;
        for (Path layer : children(layout.layers())) {
            if (!missing.remove(layer.getFileName().toString())) {
                Removal.remove(layer);
                removed++;
            }
        }
        if (removed > 0) {
            LOG.info("removed {} layers that no image has", removed);
        }
        missing.forEach(layer -> LOG.error("layer {} is missing from {}", layer, layout.layers()));
    }

    private void sweepFiles() throws IOException {
        Set<String> known = catalog.files().stream().map(Digest::hex).collect(Collectors.toSet());
        for (Path directory : children(layout.files())) {
            for (Path file : children(directory)) {
                if (!known.contains(file.getFileName().toString())) {
                    Removal.remove(file);
                }
            }
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }
}
