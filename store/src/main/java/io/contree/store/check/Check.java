package io.contree.store.check;

import io.contree.linux.RawPath;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.check.Fault.Kind;
import io.contree.store.check.Fault.Subject;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Layout.LayerDirectory;
import io.contree.store.manifest.LayerSums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Goes through a data directory and its records, both ways, and changes nothing. It takes as much memory as there are layers and images
 * by name, and no more for what is in them. Nothing may be removed from the directory meanwhile; a server may go on adding to it. Used
 * once, by one thread.
 */
public final class Check {
    private final Layout layout;
    private final ImageCatalog catalog;
    private final Records records;
    private final Options options;
    private final Progress progress;
    private final Consumer<Fault> faults;
    private final LayerTrees trees;
    private final List<Fault> ofLayers = new ArrayList<>();
    /** Layers whose manifests cannot be used. */
    private final Set<LayerId> unusable = new HashSet<>();

    /**
     * How to check.
     *
     * @param readData whether contents are read and compared with their hashes
     * @param live whether a server may be at work in the directory
     */
    public record Options(boolean readData, boolean live) {}

    /** Is told now and then how far a check has got. */
    public interface Progress {
        /** @param bytesRead of contents, in all */
        void at(String what, long done, long total, long bytesRead);
    }

    /** @param faults is told of each fault, when the images are known that it affects */
    public Check(
            Layout layout,
            ImageCatalog catalog,
            Records records,
            Options options,
            Progress progress,
            Consumer<Fault> faults) {
        this.layout = layout;
        this.catalog = catalog;
        this.records = records;
        this.options = options;
        this.progress = progress;
        this.faults = faults;
        this.trees = new LayerTrees(layout, options.readData());
    }

    /** @throws StoreException if the catalog or the directory cannot be read at all */
    public void run() {
        records.problems()
                .forEach(problem -> faults.accept(
                        Fault.of(Kind.CATALOG, new Subject(Subject.Type.CATALOG, "catalog.db"), problem)));
        Unrecorded unrecorded = new Unrecorded(layout, catalog, records, options.live());
        try {
            unrecorded.look();
            boolean skeleton = skeleton();
            layers();
            if (skeleton) {
                images();
            }
            new UploadCheck(layout, records, options.readData(), trees::read, progress).run(faults);
            unrecorded.report(trees.unusedContents(), faults);
        } catch (IOException e) {
            throw IoFailure.of("check the data directory", e);
        }
    }

    /** Compares layers with their manifests, for want of a catalog that says which there should be. */
    public static void layersOnDisk(Layout layout, boolean readData, Progress progress, Consumer<Fault> faults) {
        LayerTrees trees = new LayerTrees(layout, readData);
        try (Stream<Path> directories = Files.list(layout.layers())) {
            List<Path> all = directories.toList();
            long done = 0;
            for (Path directory : all) {
                progress.at("layers", done++, all.size(), trees.bytesRead());
                LayerId layer = LayerId.parse(directory.getFileName().toString());
                List<Fault> found = new ArrayList<>();
                trees.compare(layout.layer(layer), Subject.of(layer), found);
                found.forEach(faults);
            }
        } catch (IOException e) {
            throw IoFailure.of("list the layers", e);
        }
    }

    /** False if no stack can be added up for want of it. */
    private boolean skeleton() throws IOException {
        if (Files.notExists(layout.skeleton().directory())) {
            return false; // as after a restore, until a server is started on it
        }
        Subject subject = new Subject(Subject.Type.SKELETON, "skeleton");
        List<Fault> found = new ArrayList<>();
        boolean usable = trees.compare(layout.skeleton(), subject, found);
        found.forEach(fault -> faults.accept(new Fault(
                fault.kind(),
                fault.subject(),
                fault.path(),
                fault.what() + "; a start of the server makes the skeleton anew",
                List.of())));
        return usable;
    }

    private void layers() throws IOException {
        Set<LayerId> named = catalog.layers();
        Map<LayerId, String> marked = new HashMap<>(catalog.damage().layers());
        long done = 0;
        for (LayerId layer : named) {
            progress.at("layers", done++, named.size(), trees.bytesRead());
            layer(layer, marked);
        }
        if (ofLayers.isEmpty()) {
            return;
        }
        // While a server works, a layer may have lost its name by now, and its files with it.
        Set<LayerId> still = catalog.layers();
        Map<String, List<UUID>> affected = affected();
        for (Fault fault : ofLayers) {
            String id = fault.subject().id();
            if (still.contains(LayerId.parse(id))) {
                faults.accept(fault.affecting(affected.getOrDefault(id, List.of())));
            }
        }
    }

    private void layer(LayerId layer, Map<LayerId, String> marked) throws IOException {
        LayerDirectory directory = layout.layer(layer);
        List<Fault> found = new ArrayList<>();
        if (Files.isDirectory(directory.directory())) {
            if (!trees.compare(directory, Subject.of(layer), found)) {
                unusable.add(layer);
            }
            sums(layer, directory, found);
        } else {
            unusable.add(layer);
            found.add(Fault.of(Kind.LAYER, Subject.of(layer), "it is missing"));
        }
        if (found.isEmpty() && marked.containsKey(layer)) {
            found.add(Fault.of(
                    Kind.MARKED,
                    Subject.of(layer),
                    "it was found damaged (" + marked.get(layer) + "), and no fault of it is found now"
                            + (options.readData() ? "" : "; --read-data looks into its files")));
        }
        ofLayers.addAll(found);
    }

    private static void sums(LayerId layer, LayerDirectory directory, List<Fault> found) {
        if (!Files.exists(directory.sums())) {
            return; // a merged one
        }
        try {
            List<LayerId> stack = LayerSums.read(directory.sums()).stack();
            if (stack.isEmpty() || !stack.getLast().equals(layer)) {
                found.add(Fault.of(Kind.SUMS, Subject.of(layer), "its sums are those of another layer"));
            }
        } catch (StoreException e) {
            found.add(Fault.of(Kind.SUMS, Subject.of(layer), String.valueOf(e.getMessage())));
        } catch (IOException e) {
            found.add(Fault.of(Kind.UNREADABLE, Subject.of(layer), "its sums cannot be read: " + IoFailure.reason(e)));
        }
    }

    /** Which images stand on each layer that has a fault. */
    private Map<String, List<UUID>> affected() {
        Set<String> faulty = new TreeSet<>();
        ofLayers.forEach(fault -> faulty.add(fault.subject().id()));
        Map<String, List<UUID>> affected = new HashMap<>();
        records.forEachStack((image, stack) -> {
            for (LayerId layer : stack) {
                String id = layer.toString();
                if (faulty.contains(id)) {
                    affected.computeIfAbsent(id, first -> new ArrayList<>()).add(image);
                }
            }
        });
        return affected;
    }

    private void images() throws IOException {
        ImageCheck check = new ImageCheck(layout, unusable, faults);
        List<String> ids = records.imageIds();
        long done = 0;
        for (String id : ids) {
            progress.at("images", done++, ids.size(), trees.bytesRead());
            image(check, id);
        }
    }

    private void image(ImageCheck check, String id) {
        UUID uuid;
        try {
            uuid = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            faults.accept(Fault.of(Kind.IMAGE, new Subject(Subject.Type.IMAGE, id), "its UUID is none"));
            return;
        }
        try {
            // Its stack may be replaced at any time by one that shows the same.
            List<LayerId> seen = List.of();
            for (Image image = catalog.image(uuid).orElse(null); image != null; ) {
                if (check.isWhole(image) || image.layers().equals(seen)) {
                    check.report(image);
                    return;
                }
                seen = image.layers();
                image = catalog.image(uuid).orElse(null);
            }
        } catch (RuntimeException e) {
            // A record that cannot be read meets whatever reads it first.
            faults.accept(new Fault(
                    Kind.IMAGE,
                    new Subject(Subject.Type.IMAGE, id),
                    RawPath.EMPTY,
                    "its record cannot be read: " + e.getMessage(),
                    List.of(uuid)));
        }
    }
}
