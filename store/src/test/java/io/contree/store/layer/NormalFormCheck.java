package io.contree.store.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.Manifests;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import io.contree.testkit.SnapshotEntry;
import io.contree.testkit.TreeSnapshot;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Checks layers on disk against the rules of docs/design/format.md, "Layer", and against their manifests. */
final class NormalFormCheck {
    private final Layout layout;
    private final Manifests manifests;
    private final Set<List<LayerId>> checked = new HashSet<>();

    NormalFormCheck(Layout layout) throws IOException {
        this.layout = layout;
        this.manifests = new Manifests(layout, Manifest.open(layout.skeleton().manifest()));
    }

    /** Checks each layer of a stack that was not checked before. */
    void check(List<LayerId> stack) throws IOException {
        for (int i = 0; i < stack.size(); i++) {
            if (checked.add(List.copyOf(stack.subList(0, i + 1)))) {
                check(stack.get(i), new Layer(manifests.of(stack.get(i)), manifests.stack(stack.subList(0, i))));
            }
        }
    }

    private void check(LayerId id, Layer layer) throws IOException {
        Map<String, SnapshotEntry> tree =
                TreeSnapshot.read(layout.layer(id).tree()).entries();
        SortedMap<RawPath, TreeEntry> entries = new TreeMap<>();
        for (int i = 0; i < layer.manifest().count(); i++) {
            TreeEntry entry = layer.manifest().entry(i);
            entries.put(entry.path(), entry);
        }
        assertThat(tree.keySet())
                .as("paths of layer " + id)
                .containsExactlyInAnyOrderElementsOf(
                        entries.keySet().stream().map(RawPath::raw).toList());
        for (TreeEntry entry : entries.values()) {
            String what = "\"" + entry.path().raw() + "\" of layer " + id;
            SnapshotEntry file = tree.get(entry.path().raw());
            if (entry.isWhiteout()) {
                assertThat(file.device()).as(what).isEqualTo("0:0");
                assertThat(layer.isNeededWhiteout(entry.path()))
                        .as("whiteout " + what)
                        .isTrue();
                continue;
            }
            assertThat(file.mode()).as(what).isEqualTo(entry.mode());
            assertThat(file.mtimeNanos()).as(what).isEqualTo(entry.mtimeNanos());
            SortedMap<String, String> xattrs = new TreeMap<>();
            entry.xattrs()
                    .forEach((name, value) -> xattrs.put(
                            name, java.util.HexFormat.of().formatHex(io.contree.linux.RawPath.bytes(value))));
            if (entry.opaque()) {
                xattrs.put(StateXattrs.OPAQUE, "79");
                assertThat(layer.isNeededMark(entry.path()))
                        .as("mark of " + what)
                        .isTrue();
            }
            SortedMap<String, String> onDisk = new TreeMap<>(file.xattrs());
            onDisk.keySet().removeAll(LayerTree.MEANINGLESS);
            assertThat(onDisk).as(what).isEqualTo(xattrs);
            assertThat(layer.isNeeded(entry, entries)).as("need of " + what).isTrue();
        }
    }

    private record Layer(Manifest manifest, LayerStack below) {
        boolean isNeededWhiteout(RawPath path) {
            for (RawPath parent = path; !parent.isEmpty(); ) {
                parent = parent.parent();
                if (manifest.isOpaque(manifest.find(parent))) {
                    return false;
                }
            }
            return below.find(path).isPresent();
        }

        boolean isNeededMark(RawPath path) {
            Optional<MergedEntry> old = below.find(path).filter(MergedEntry::isDirectory);
            if (path.isEmpty() || old.isEmpty() || old.get().children().isEmpty()) {
                return false;
            }
            return old.get().children().stream().noneMatch(child -> manifest.find(child.path()) >= 0);
        }

        boolean isNeeded(TreeEntry entry, SortedMap<RawPath, TreeEntry> entries) {
            Optional<MergedEntry> old = below.find(entry.path());
            if (entry.path().isEmpty()
                    || old.isEmpty()
                    || old.get().place() == below.depth() - 1
                    || !entry.sameAs(old.get().entry())) {
                return true;
            }
            if (entry.isDirectory()) {
                return entry.opaque()
                        || entries.keySet().stream()
                                .anyMatch(path ->
                                        path.raw().startsWith(entry.path().raw() + "/"));
            }
            List<RawPath> names = entry.group() == 0
                    ? List.of(entry.path())
                    : entries.values().stream()
                            .filter(other -> other.group() == entry.group())
                            .map(TreeEntry::path)
                            .toList();
            return !old.get().linkedPaths().equals(names);
        }
    }
}
