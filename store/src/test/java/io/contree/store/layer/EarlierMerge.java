package io.contree.store.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.ManifestWriter;
import io.contree.store.manifest.Manifests;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Merges layers as earlier versions did: they kept every whiteout of a run, even of what the run itself had made. */
final class EarlierMerge {
    private final Layout layout;
    private final Manifests manifests;
    private final Map<List<LayerId>, LayerId> merged = new HashMap<>();
    private int needless;

    EarlierMerge(Layout layout) throws IOException {
        this.layout = layout;
        this.manifests = new Manifests(layout, Manifest.open(layout.skeleton().manifest()));
    }

    /** Whiteouts so far that hide nothing. */
    int needless() {
        return needless;
    }

    /** A stack with a run of layers merged into one, the same one wherever the run is. */
    List<LayerId> merged(List<LayerId> stack, int start, int end) throws Exception {
        List<LayerId> run = List.copyOf(stack.subList(start, end));
        List<LayerId> shorter = new ArrayList<>(stack.subList(0, start));
        LayerId known = merged.get(run);
        shorter.add(known == null ? merge(List.copyOf(shorter), run) : known);
        shorter.addAll(stack.subList(end, stack.size()));
        return shorter;
    }

    private LayerId merge(List<LayerId> below, List<LayerId> run) throws Exception {
        try (LayerDraft draft = new LayerDraft(layout, SharedContents.none(layout), new Pins(layout), List.of())) {
            LayerMerge.merge(layout, manifests, below, run, draft);
            SortedMap<RawPath, TreeEntry> entries = new TreeMap<>();
            Manifest right = Manifest.open(draft.manifest());
            for (int i = 0; i < right.count(); i++) {
                entries.put(right.path(i), right.entry(i));
            }
            List<LayerId> whole = new ArrayList<>(below);
            whole.addAll(run);
            LayerStack after = manifests.stack(whole);
            for (LayerId layer : run) {
                Manifest manifest = manifests.of(layer);
                for (int i = 0; i < manifest.count(); i++) {
                    RawPath path = manifest.path(i);
                    TreeEntry parent = entries.get(path.parent());
                    if (manifest.isWhiteout(i)
                            && parent != null
                            && parent.isDirectory()
                            && after.find(path).isEmpty()
                            && !entries.containsKey(path)) {
                        entries.put(path, TreeEntry.whiteout(path));
                        makeWhiteout(draft.tree(), path, parent);
                        needless++;
                    }
                }
            }
            try (ManifestWriter writer = new ManifestWriter(draft.manifest())) {
                for (TreeEntry entry : entries.values()) {
                    writer.add(entry);
                }
                writer.finish();
            }
            draft.publish(entries.size());
            merged.put(run, draft.id());
            return draft.id();
        }
    }

    private static void makeWhiteout(Path tree, RawPath path, TreeEntry parent) throws IOException {
        try (LayerTree files = new LayerTree(tree, new StateXattrs(0));
                Fd directory = files.directory(parent.path())) {
            FileCalls.makeNode(directory, path.name(), Stat.CHARACTER_DEVICE, 0, 0);
            FileCalls.setTimes(directory, "", parent.mtimeNanos());
            assertThat(FileCalls.stat(directory, path.name()).isWhiteout()).isTrue();
        }
    }
}
