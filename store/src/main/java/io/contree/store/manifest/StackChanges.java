package io.contree.store.manifest;

import io.contree.linux.RawPath;
import io.contree.store.Commit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The first of the changes between two stacks, by the bytes of their paths, and the number of the others. Used once. */
public final class StackChanges {
    private final StackComparison comparison;
    private final int limit;
    private final SortedSet<Commit.Change> first =
            new TreeSet<>(Comparator.comparing(change -> change.path().raw()));
    private long found;

    /** @param limit how many changes to list */
    public StackChanges(LayerStack from, LayerStack to, int limit) {
        this.comparison = new StackComparison(from, to);
        this.limit = limit;
    }

    public Commit.Changes compare() {
        comparison.forEach(List.of(RawPath.EMPTY), List.of(), this::differ);
        return new Commit.Changes(List.copyOf(first), found - first.size());
    }

    private void differ(Optional<MergedEntry> before, Optional<MergedEntry> after) {
        Commit.Kind kind =
                before.isEmpty() ? Commit.Kind.ADDED : after.isEmpty() ? Commit.Kind.DELETED : Commit.Kind.MODIFIED;
        found++;
        first.add(new Commit.Change(kind, after.or(() -> before).orElseThrow().path()));
        if (first.size() > limit) {
            first.removeLast();
        }
    }
}
