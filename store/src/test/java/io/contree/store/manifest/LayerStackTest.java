package io.contree.store.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.state.TreeEntry;
import io.contree.testkit.SeededRandom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The merged view of manifests against a model that applies one layer after the other to a map. */
class LayerStackTest {
    private static final List<String> NAMES = List.of("a", "b", "a-b");

    @TempDir
    Path directory;

    private int files;

    @Test
    void showsWhatApplyingLayerByLayerLeaves() {
        SeededRandom.forAll(200, random -> {
            List<Manifest> topFirst = new ArrayList<>();
            SortedMap<String, String> model = new TreeMap<>(Comparator.comparing(RawPath::new));
            for (int i = random.between(1, 6); i > 0; i--) {
                SortedMap<String, TreeEntry> layer = layer(random, i);
                topFirst.addFirst(manifest(layer));
                apply(layer, model);
            }
            LayerStack stack = new LayerStack(topFirst);
            SortedMap<String, String> seen = new TreeMap<>(Comparator.comparing(RawPath::new));
            new MergedWalk(stack.root())
                    .forEach(entry ->
                            seen.put(entry.path().raw(), entry.entry().target().raw()));
            assertThat(seen).isEqualTo(model);
            for (int i = 0; i < 20; i++) {
                String path = path(random);
                assertThat(stack.find(new RawPath(path))
                                .map(entry -> entry.entry().target().raw())
                                .orElse(null))
                        .as(path)
                        .isEqualTo(model.get(path));
            }
        });
    }

    private static String path(SeededRandom random) {
        return String.join("/", random.list(1, 4, () -> random.pick(NAMES)));
    }

    /** A tree of directories, links and whiteouts, each marked with the layer's number. */
    private static SortedMap<String, TreeEntry> layer(SeededRandom random, int number) {
        SortedMap<String, TreeEntry> layer = new TreeMap<>(Comparator.comparing(RawPath::new));
        layer.put("", entry("", Stat.DIRECTORY, false, ""));
        for (int i = random.between(0, 10); i > 0; i--) {
            String path = path(random);
            if (makeParents(layer, path, number) && !layer.containsKey(path)) {
                String mark = Integer.toString(number);
                layer.put(
                        path,
                        switch (random.between(0, 3)) {
                            case 0 -> TreeEntry.whiteout(new RawPath(path));
                            case 1 -> entry(path, Stat.SYMLINK, false, mark);
                            case 2 -> entry(path, Stat.DIRECTORY, true, mark);
                            default -> entry(path, Stat.DIRECTORY, false, mark);
                        });
            }
        }
        return layer;
    }

    private static boolean makeParents(SortedMap<String, TreeEntry> layer, String path, int number) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String parent = path.substring(0, slash);
            TreeEntry made = layer.computeIfAbsent(
                    parent, absent -> entry(absent, Stat.DIRECTORY, false, Integer.toString(number)));
            if (!made.isDirectory()) {
                return false;
            }
        }
        return true;
    }

    private static TreeEntry entry(String path, int type, boolean opaque, String mark) {
        RawPath target = new RawPath(mark);
        SortedMap<String, String> none = Collections.emptySortedMap();
        return new TreeEntry(
                new RawPath(path), type | 0755, opaque, 0, 0, 0, 0, Optional.empty(), target, 0, 0, 0, none);
    }

    private Manifest manifest(SortedMap<String, TreeEntry> layer) throws IOException {
        Path file = directory.resolve("manifest-" + files++);
        try (ManifestWriter writer = new ManifestWriter(file)) {
            for (TreeEntry entry : layer.values()) {
                writer.add(entry);
            }
            writer.finish();
        }
        return Manifest.open(file);
    }

    /** A directory on a directory keeps what is below it; everything else takes it away. */
    private static void apply(SortedMap<String, TreeEntry> layer, SortedMap<String, String> model) {
        layer.forEach((path, entry) -> {
            if (path.isEmpty()) {
                return;
            }
            if (!entry.isDirectory() || entry.opaque()) {
                model.keySet().removeIf(other -> other.startsWith(path + "/"));
            }
            if (entry.isWhiteout()) {
                model.remove(path);
            } else {
                model.put(path, entry.target().raw());
            }
        });
    }
}
