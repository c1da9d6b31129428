package io.contree.store.check;

import io.contree.store.LayerId;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.Manifests;
import io.contree.store.manifest.StackSums;
import io.contree.store.state.StateSums;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sums of what stacks show, from their manifests alone, however many images share them: of each stack, only what its top layer changes
 * is looked at. Those of the most recent stacks are kept. Used by one thread.
 */
final class StackStates {
    private static final int KEPT = 4096;

    private final Manifests manifests;
    private final Map<List<LayerId>, StateSums> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<LayerId>, StateSums> eldest) {
            return size() > KEPT;
        }
    };

    StackStates(Manifests manifests) {
        this.manifests = manifests;
    }

    /** @param layers the lowest first */
    StateSums of(List<LayerId> layers) {
        int done = layers.size();
        StateSums sums = known.get(layers);
        while (sums == null) {
            sums = done == 0 ? ofNone() : known.get(layers.subList(0, --done));
        }
        for (int height = done + 1; height <= layers.size(); height++) {
            LayerStack below = manifests.stack(layers.subList(0, height - 1));
            LayerStack whole = manifests.stack(layers.subList(0, height));
            sums = sums.plus(new LayerDelta(below, whole).sums());
            known.put(List.copyOf(layers.subList(0, height)), sums);
        }
        return sums;
    }

    private StateSums ofNone() {
        return known.computeIfAbsent(List.of(), none -> StackSums.addedUp(manifests.stack(none)));
    }
}
