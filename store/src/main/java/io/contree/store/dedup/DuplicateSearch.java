package io.contree.store.dedup;

import io.contree.linux.LinuxException;
import io.contree.store.Digest;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.Manifest;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the manifests of all layers and lets files of equal content share blocks. It keeps no record: what is shared already is
 * seen from the disk, so that it may end anywhere. Its memory is bounded, whatever the number of layers. Used once, by one thread.
 */
public final class DuplicateSearch {
    private static final Logger LOG = LoggerFactory.getLogger(DuplicateSearch.class);

    /** Contents are told apart by this many bits at first: enough for some million, in 4 MiB. */
    private static final int BITS = 1 << 24;

    private static final int MOST_AT_ONCE = 1 << 16;
    /** So many files that should hold the same and do not are kept in mind: damage is rare. */
    private static final int MOST_DIFFERENT = 4;

    /** What opening a manifest counts for, in bytes. */
    private static final long OPENING = 4096;

    /** Who searches. */
    public interface Searcher {
        /** Is told of what was read, in bytes, and may take its time; what it throws ends the search. */
        void pace(long bytes);

        /** Does a short step once nobody minds; what it throws ends the search. */
        void step(Runnable step);

        /** Two layers whose files should hold the same and do not. */
        void differ(LayerId one, LayerId other);
    }

    private final Layout layout;
    private final EqualContents contents;
    private final Collection<LayerId> layers;
    private final Searcher searcher;
    private long bytes;

    public DuplicateSearch(Layout layout, EqualContents contents, Collection<LayerId> layers, Searcher searcher) {
        this.layout = layout;
        this.contents = contents;
        this.layers = layers;
        this.searcher = searcher;
    }

    /** Returns how many bytes share blocks that did not before. */
    public long run() {
        BitSet once = new BitSet(BITS);
        BitSet again = new BitSet(BITS);
        int[] candidates = {0};
        forEachFile((layer, entry, content) -> {
            int bit = bit(content);
            if (once.get(bit)) {
                again.set(bit);
                candidates[0]++;
            }
            once.set(bit);
        });
        int slices = candidates[0] / MOST_AT_ONCE + 1;
        for (int slice = 0; slice < slices && candidates[0] > 0; slice++) {
            shareSlice(again, slice, slices);
        }
        return bytes;
    }

    private void shareSlice(BitSet again, int slice, int slices) {
        Map<Digest, List<FileInLayer>> known = new HashMap<>();
        forEachFile((layer, entry, content) -> {
            if (!again.get(bit(content)) || Math.floorMod(content.hashCode(), slices) != slice) {
                return;
            }
            FileInLayer file = new FileInLayer(layer, entry.path());
            List<FileInLayer> others = known.computeIfAbsent(content, _ -> new ArrayList<>(1));
            boolean shared = others.stream().anyMatch(other -> share(other, file, entry));
            if (!shared && others.size() < MOST_DIFFERENT) {
                others.add(file);
            }
        });
    }

    private static int bit(Digest content) {
        return ByteBuffer.wrap(content.bytes()).getInt() & (BITS - 1);
    }

    private interface Visitor {
        void visit(LayerId layer, TreeEntry entry, Digest content);
    }

    private void forEachFile(Visitor visitor) {
        for (LayerId layer : layers) {
            searcher.pace(OPENING);
            try {
                Manifest manifest = Manifest.open(layout.layer(layer).manifest());
                for (int index = 0; index < manifest.count(); index++) {
                    if (manifest.size(index) >= EqualContents.SMALLEST) {
                        TreeEntry entry = manifest.entry(index);
                        entry.content().ifPresent(content -> visitor.visit(layer, entry, content));
                    }
                }
            } catch (NoSuchFileException e) {
                LOG.debug("layer {} is gone", layer);
            } catch (IOException | StoreException e) {
                LOG.debug("layer {} is left out of the search for equal contents: {}", layer, e.toString());
            }
        }
    }

    /** False if the first one has not, or no longer, what it should. */
    private boolean share(FileInLayer known, FileInLayer file, TreeEntry entry) {
        try (EqualFiles files =
                EqualFiles.open(contents.tree(known), known.path(), contents.tree(file), file.path(), entry.size())) {
            contents.remember(entry, known);
            if (!files.areApart()) {
                return true;
            }
            while (!files.isDone()) {
                step(files);
                searcher.pace(2 * EqualFiles.STEP);
            }
            if (files.differ()) {
                searcher.differ(known.layer(), file.layer());
                return false;
            }
            bytes += entry.size();
            return true;
        } catch (LinuxException e) {
            LOG.debug("\"{}\" of layer {} keeps its content to itself: {}", file.path(), file.layer(), e.getMessage());
            return false;
        }
    }

    private void step(EqualFiles files) throws LinuxException {
        LinuxException[] failure = {null};
        searcher.step(() -> {
            try {
                files.step();
            } catch (LinuxException e) {
                failure[0] = e;
            }
        });
        Optional<LinuxException> failed = Optional.ofNullable(failure[0]);
        if (failed.isPresent()) {
            throw failed.get();
        }
    }
}
