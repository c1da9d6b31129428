package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.ManifestWriter;
import io.contree.store.manifest.Manifests;
import io.contree.store.state.StateSums;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends merged layers that earlier versions made: removes whiteouts that hide nothing, which overlayfs shows where only
 * one layer has the directory, and access lists that directories inherited from their parents. States, stacks and layer
 * names stay the same. Runs before anything is mounted; if it is killed, the next run finishes it. Used by one thread.
 */
public final class LayerMending {
    private static final Logger LOG = LoggerFactory.getLogger(LayerMending.class);
    private static final String DEFAULT_ACCESS = "system.posix_acl_default";

    private final Layout layout;
    private final ImageCatalog catalog;
    private final Manifests manifests;
    private boolean failed;

    private LayerMending(Layout layout, ImageCatalog catalog) throws IOException {
        this.layout = layout;
        this.catalog = catalog;
        this.manifests = new Manifests(layout, Manifest.open(layout.skeleton().manifest()));
    }

    /**
     * Rebuilds the skeleton and mends all layers, unless the old skeleton says that this was done. Earlier versions
     * rebuild it without saying so, so what they do in between is found.
     */
    public static StateSums withSkeleton(Layout layout, ImageCatalog catalog, StateXattrs xattrs) throws IOException {
        boolean done = Files.exists(layout.mended());
        StateSums sums = Skeleton.make(layout, xattrs);
        if (done || new LayerMending(layout, catalog).run()) {
            Files.createFile(layout.mended());
        }
        return sums;
    }

    /** True if all layers are now as they should be; failures are logged. */
    private boolean run() throws IOException {
        Map<LayerId, Set<List<LayerId>>> suspects = new HashMap<>();
        for (LayerId layer : mergedLayers()) {
            attempt(layer, () -> {
                Manifest manifest = manifests.of(layer);
                if (hasWhiteouts(manifest)) {
                    suspects.put(layer, new HashSet<>());
                }
                removeInheritedAccess(layer, manifest);
            });
        }
        if (!suspects.isEmpty()) {
            catalog.forEachStack(stack -> note(stack, suspects));
            mend(needless(suspects));
        }
        return !failed;
    }

    private interface Step {
        void run() throws IOException;
    }

    /** One layer that cannot be mended must not stop the others. */
    private void attempt(LayerId layer, Step step) {
        try {
            step.run();
        } catch (IOException | StoreException e) {
            LOG.error("could not mend layer {}; the next start tries again: {}", layer, e.getMessage());
            failed = true;
        }
    }

    /** Layers without sums: no image was committed or imported with them on top. */
    private List<LayerId> mergedLayers() throws IOException {
        List<LayerId> merged = new ArrayList<>();
        try (Stream<Path> layers = Files.list(layout.layers())) {
            for (Path directory : layers.toList()) {
                LayerId layer = LayerId.parse(directory.getFileName().toString());
                if (!Files.exists(layout.layer(layer).sums())) {
                    merged.add(layer);
                }
            }
        }
        return merged;
    }

    private static boolean hasWhiteouts(Manifest manifest) {
        for (int index = 0; index < manifest.count(); index++) {
            if (manifest.isWhiteout(index)) {
                return true;
            }
        }
        return false;
    }

    /** Notes what a stack has below each suspect. */
    private static void note(List<LayerId> stack, Map<LayerId, Set<List<LayerId>>> suspects) {
        for (int place = 0; place < stack.size(); place++) {
            Set<List<LayerId>> below = suspects.get(stack.get(place));
            if (below != null) {
                below.add(List.copyOf(stack.subList(0, place)));
            }
        }
    }

    /** The whiteouts of each layer that hide nothing, by index; layers without any are left out. */
    private Map<LayerId, Set<Integer>> needless(Map<LayerId, Set<List<LayerId>>> suspects) {
        Map<LayerId, Set<Integer>> found = new LinkedHashMap<>();
        suspects.forEach((layer, stacks) -> attempt(layer, () -> {
            Manifest manifest = manifests.of(layer);
            Set<Integer> needless = new HashSet<>();
            for (int index = 0; index < manifest.count(); index++) {
                if (manifest.isWhiteout(index) && !stacks.isEmpty()) {
                    needless.add(index);
                }
            }
            // A layer lies on one state, so all stacks agree; a whiteout that one of them needed would stay.
            for (List<LayerId> below : stacks) {
                LayerStack stack = manifests.stack(below);
                needless.removeIf(index -> hides(manifest, index, stack));
            }
            if (!needless.isEmpty()) {
                found.put(layer, needless);
            }
        }));
        return found;
    }

    private static boolean hides(Manifest manifest, int whiteout, LayerStack below) {
        RawPath path = manifest.path(whiteout);
        for (RawPath parent = path.parent(); !parent.isEmpty(); parent = parent.parent()) {
            if (manifest.isOpaque(manifest.find(parent))) {
                return false;
            }
        }
        return below.find(path).isPresent();
    }

    /**
     * A whiteout in a manifest is the note that it may have to go: so trees are mended first, and are on disk before
     * any manifest is replaced.
     */
    private void mend(Map<LayerId, Set<Integer>> needless) {
        if (needless.isEmpty()) {
            return;
        }
        Map<LayerId, Path> written = new LinkedHashMap<>();
        needless.forEach((layer, whiteouts) -> attempt(layer, () -> {
            removeWhiteouts(layer, whiteouts);
            written.put(layer, rewrite(layer, whiteouts));
        }));
        if (!sync()) {
            return;
        }
        written.forEach((layer, manifest) -> attempt(
                layer, () -> Files.move(manifest, layout.layer(layer).manifest(), StandardCopyOption.ATOMIC_MOVE)));
        if (!sync()) {
            return;
        }
        LOG.info("removed whiteouts that hid nothing from {} merged layers", written.size());
    }

    private boolean sync() {
        try (LayerTree layers = new LayerTree(layout.layers(), new StateXattrs(0))) {
            FileCalls.syncFileSystem(layers.root());
            return true;
        } catch (IOException e) {
            LOG.error("could not write mended layers to disk; the next start tries again: {}", e.getMessage());
            failed = true;
            return false;
        }
    }

    private void removeWhiteouts(LayerId layer, Set<Integer> whiteouts) throws IOException {
        Manifest manifest = manifests.of(layer);
        Map<RawPath, List<String>> byDirectory = new TreeMap<>();
        for (int index : whiteouts) {
            RawPath path = manifest.path(index);
            byDirectory
                    .computeIfAbsent(path.parent(), directory -> new ArrayList<>())
                    .add(path.name());
        }
        try (LayerTree tree = new LayerTree(layout.layer(layer).tree(), new StateXattrs(0))) {
            for (Map.Entry<RawPath, List<String>> entry : byDirectory.entrySet()) {
                try (Fd directory = tree.directory(entry.getKey())) {
                    for (String name : entry.getValue()) {
                        removeWhiteout(directory, name);
                    }
                    FileCalls.setTimes(
                            directory,
                            "",
                            manifest.entry(manifest.find(entry.getKey())).mtimeNanos());
                }
            }
        }
    }

    private static void removeWhiteout(Fd directory, String name) throws LinuxException {
        Optional<Stat> present = FileCalls.statIfPresent(directory, name);
        if (present.isPresent() && present.get().isWhiteout()) {
            FileCalls.unlink(directory, name, false);
        }
    }

    /** Writes the manifest without some entries. */
    private Path rewrite(LayerId layer, Set<Integer> without) throws IOException {
        Manifest manifest = manifests.of(layer);
        Path file = layout.temporary().resolve(UUID.randomUUID().toString());
        try (ManifestWriter writer = new ManifestWriter(file)) {
            for (int index = 0; index < manifest.count(); index++) {
                if (!without.contains(index)) {
                    writer.add(manifest.entry(index));
                }
            }
            writer.finish();
        }
        return file;
    }

    /** Directories made in one with a default access list had inherited that list. */
    private void removeInheritedAccess(LayerId layer, Manifest manifest) throws IOException {
        for (int parent = 0; parent < manifest.count(); parent++) {
            if (!manifest.isDirectory(parent) || !manifest.hasXattrs(parent)) {
                continue;
            }
            TreeEntry entry = manifest.entry(parent);
            if (entry.xattrs().containsKey(DEFAULT_ACCESS)) {
                try (LayerTree tree = new LayerTree(layout.layer(layer).tree(), new StateXattrs(0));
                        Fd directory = tree.directory(entry.path())) {
                    removeInheritedAccess(manifest, parent, directory);
                }
            }
        }
    }

    private static void removeInheritedAccess(Manifest manifest, int parent, Fd directory) throws LinuxException {
        int end = manifest.subtreeEnd(parent);
        for (int index = parent + 1; index < end; index = manifest.subtreeEnd(index)) {
            if (manifest.isDirectory(index)) {
                TreeEntry entry = manifest.entry(index);
                EntryAttributes.apply(entry, directory, entry.path().name());
            }
        }
    }
}
