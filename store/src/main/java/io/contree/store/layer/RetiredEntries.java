package io.contree.store.layer;

import io.contree.linux.RawPath;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.manifest.MergedWalk;
import io.contree.store.state.StateDelta;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Subtracts entries of the state below from a delta. Entries with several names wait for the end: the names that stay
 * may by then have another first name, or be a single one.
 */
final class RetiredEntries {
    private final LayerStack below;
    private final StateDelta delta;
    private final Map<LayerStack.LinkGroup, Set<RawPath>> linked = new HashMap<>();

    RetiredEntries(LayerStack below, StateDelta delta) {
        this.below = below;
        this.delta = delta;
    }

    /** One entry without what is below it. */
    void retire(MergedEntry entry) {
        List<RawPath> names = entry.linkedPaths();
        if (names.size() < 2) {
            delta.subtract(entry.entry(), RawPath.EMPTY);
        } else {
            linked.computeIfAbsent(entry.group().orElseThrow(), group -> new HashSet<>())
                    .add(entry.path());
        }
    }

    /** All that is visible below a directory, without the directory itself; returns the number of entries. */
    long retireBelow(MergedEntry directory) {
        long[] retired = {0};
        new MergedWalk(directory).forEach(entry -> {
            retire(entry);
            retired[0]++;
        });
        return retired[0];
    }

    /** Settles the entries that have several names; call once, at the end. */
    void settle() {
        linked.forEach((group, retired) -> {
            List<RawPath> before = below.linkedPaths(group);
            List<RawPath> after =
                    before.stream().filter(path -> !retired.contains(path)).toList();
            for (RawPath path : before) {
                delta.subtract(below.find(path).orElseThrow().entry(), MergedEntry.linkOf(before));
            }
            for (RawPath path : after) {
                delta.add(below.find(path).orElseThrow().entry(), MergedEntry.linkOf(after));
            }
        });
    }
}
