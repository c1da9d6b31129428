package io.contree.store.manifest;

import io.contree.store.Commit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Compares what two stacks show. Directories that both merge from the same entries are not looked into, and where one stack
 * only adds layers to what they share, only names in those layers are looked at. Used once.
 */
public final class StackChanges {
    private final LayerStack from;
    private final LayerStack to;
    private final int limit;
    private final SortedSet<Commit.Change> first =
            new TreeSet<>(Comparator.comparing(change -> change.path().raw()));
    private final List<DirectoryPair> pending = new ArrayList<>();
    private long found;

    private record DirectoryPair(MergedEntry from, MergedEntry to) {}

    /** @param limit how many changes to list: the first by their paths */
    public StackChanges(LayerStack from, LayerStack to, int limit) {
        this.from = from;
        this.to = to;
        this.limit = limit;
    }

    public Commit.Changes compare() {
        compare(Optional.of(from.root()), Optional.of(to.root()));
        while (!pending.isEmpty()) {
            DirectoryPair pair = pending.removeLast();
            for (String name : namesToCompare(pair)) {
                compare(pair.from().child(name), pair.to().child(name));
            }
        }
        return new Commit.Changes(List.copyOf(first), found - first.size());
    }

    private void compare(Optional<MergedEntry> before, Optional<MergedEntry> after) {
        if (before.isEmpty()) {
            after.ifPresent(entry -> whole(Commit.Kind.ADDED, entry));
            return;
        }
        if (after.isEmpty()) {
            whole(Commit.Kind.DELETED, before.get());
            return;
        }
        MergedEntry old = before.get();
        MergedEntry now = after.get();
        if (!old.entry().sameAs(now.entry())) {
            report(Commit.Kind.MODIFIED, now);
        }
        if (old.isDirectory() && now.isDirectory()) {
            pending.add(new DirectoryPair(old, now));
        } else {
            new MergedWalk(old).forEach(entry -> report(Commit.Kind.DELETED, entry));
            new MergedWalk(now).forEach(entry -> report(Commit.Kind.ADDED, entry));
        }
    }

    private void whole(Commit.Kind kind, MergedEntry entry) {
        report(kind, entry);
        new MergedWalk(entry).forEach(below -> report(kind, below));
    }

    private void report(Commit.Kind kind, MergedEntry entry) {
        found++;
        first.add(new Commit.Change(kind, entry.path()));
        if (first.size() > limit) {
            first.removeLast();
        }
    }

    /** The names in the layers that the two do not share; all names if one of them hides any of the shared ones. */
    private SortedSet<String> namesToCompare(DirectoryPair pair) {
        List<MergedEntry.Part> fromParts = pair.from().parts();
        List<MergedEntry.Part> toParts = pair.to().parts();
        int shared = 0;
        while (shared < Math.min(fromParts.size(), toParts.size())
                && same(fromParts.get(fromParts.size() - 1 - shared), toParts.get(toParts.size() - 1 - shared))) {
            shared++;
        }
        SortedSet<String> names = pair.from().names(fromParts.subList(0, fromParts.size() - shared));
        names.addAll(pair.to().names(toParts.subList(0, toParts.size() - shared)));
        return names;
    }

    private boolean same(MergedEntry.Part left, MergedEntry.Part right) {
        return left.index() == right.index() && from.layer(left.place()) == to.layer(right.place());
    }
}
