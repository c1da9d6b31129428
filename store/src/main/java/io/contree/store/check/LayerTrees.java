package io.contree.store.check;

import io.contree.store.IoFailure;
import io.contree.store.check.Fault.Kind;
import io.contree.store.check.Fault.Subject;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Layout.LayerDirectory;
import io.contree.store.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Compares the trees of layers with their manifests, and counts what was read for it. Used by one thread. */
final class LayerTrees {
    /** How many faults of one layer are told; the rest are counted. */
    private static final int TOLD = 20;

    private final boolean readData;
    private final ContentsCheck contents;
    private final LongConsumer pace;
    private long bytesRead;

    LayerTrees(Layout layout, boolean readData) {
        this(layout, readData, bytes -> {});
    }

    /** @param pace is told of what was read, and may take its time */
    LayerTrees(Layout layout, boolean readData, LongConsumer pace) {
        this.readData = readData;
        this.pace = pace;
        this.contents = new ContentsCheck(layout, readData, this::read);
    }

    void read(long bytes) {
        bytesRead += bytes;
        pace.accept(bytes);
    }

    long bytesRead() {
        return bytesRead;
    }

    List<Path> unusedContents() throws IOException {
        return contents.unused();
    }

    /** Adds what it finds to a list; false if the manifest cannot be used. */
    boolean compare(LayerDirectory layer, Subject subject, List<Fault> found) {
        try {
            Optional<String> wrong = ManifestCheck.problem(layer.manifest());
            if (wrong.isPresent()) {
                found.add(Fault.of(Kind.MANIFEST, subject, "its manifest is damaged: " + wrong.get()));
                return false;
            }
            List<Fault> told = new ArrayList<>();
            int[] count = {0};
            LayerCheck.Found take = (kind, path, what) -> {
                if (count[0]++ < TOLD) {
                    told.add(new Fault(kind, subject, path, what, List.of()));
                }
            };
            new LayerCheck(layer, Manifest.open(layer.manifest()), contents, readData, this::read, take).run();
            found.addAll(told);
            if (count[0] > TOLD) {
                found.add(Fault.of(Kind.CHANGED, subject, "and " + (count[0] - TOLD) + " more faults"));
            }
            return true;
        } catch (IOException e) {
            found.add(Fault.of(Kind.UNREADABLE, subject, "it cannot be read: " + IoFailure.reason(e)));
            return false;
        }
    }
}
