package io.contree.store.layer;

import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps stacks low by merging runs of layers, always the lightest one: so a layer of weight n is merged
 * about log n times in a chain of commits. Safe for use by several threads.
 */
public final class StackDepth {
    private static final Logger LOG = LoggerFactory.getLogger(StackDepth.class);
    private static final int REMEMBERED = 256;

    private final Layout layout;
    private final SharedContents contents;
    private final Manifests manifests;
    private final Pins pins;
    private final int most;
    private final int run;
    /** Branches of one deep image need the same runs on the same layers. */
    private final Map<Run, LayerId> merged = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Run, LayerId> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Layers to merge; what they lie on decides what the merged layer holds. */
    private record Run(List<LayerId> below, List<LayerId> layers) {
        Run {
            below = List.copyOf(below);
            layers = List.copyOf(layers);
        }
    }

    /**
     * @param most layers of a stack
     * @param run how many of them are merged at once, at least 2
     */
    public StackDepth(Layout layout, SharedContents contents, Manifests manifests, Pins pins, int most, int run) {
        this.layout = layout;
        this.contents = contents;
        this.manifests = manifests;
        this.pins = pins;
        this.most = most;
        this.run = run;
    }

    /**
     * The stack itself, or one that shows the same in fewer layers, which are then on disk.
     *
     * @param lease holds pins on the layers and, on return, on those of the result too
     */
    public List<LayerId> bounded(List<LayerId> layers, Pins.Lease lease) throws IOException {
        List<LayerId> stack = layers;
        while (stack.size() > most) {
            int start = cheapestRun(stack);
            List<LayerId> shorter = new ArrayList<>(stack.subList(0, start));
            shorter.add(merged(new Run(shorter, stack.subList(start, start + run)), lease));
            shorter.addAll(stack.subList(start + run, stack.size()));
            stack = shorter;
        }
        return stack;
    }

    private int cheapestRun(List<LayerId> stack) {
        int best = 0;
        long least = Long.MAX_VALUE;
        // The top layer is the commit in progress: its siblings can use a run without it too.
        for (int start = 0; start + run < stack.size(); start++) {
            long weight = 0;
            for (LayerId layer : stack.subList(start, start + run)) {
                weight += manifests.of(layer).weight();
            }
            if (weight < least) {
                least = weight;
                best = start;
            }
        }
        return best;
    }

    private synchronized LayerId merged(Run wanted, Pins.Lease lease) throws IOException {
        LayerId known = merged.get(wanted);
        if (known != null) {
            lease.add(known);
            if (Files.exists(layout.layer(known).directory())) {
                return known;
            }
            // Its image was never recorded, or is gone: a sweep has removed it.
        }
        try (LayerDraft draft = new LayerDraft(layout, contents, pins, List.of())) {
            lease.add(draft.id());
            int entries = LayerMerge.merge(layout, manifests, wanted.below(), wanted.layers(), draft);
            draft.publish(entries);
            merged.put(wanted, draft.id());
            LOG.debug(
                    "merged {} layers with {} entries into {}", wanted.layers().size(), entries, draft.id());
            return draft.id();
        }
    }
}
