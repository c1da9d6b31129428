package io.contree.store.manifest;

import io.contree.linux.RawPath;
import io.contree.store.state.Checkpoint;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Goes through what two stacks show differently, in the order of paths: a directory comes before what is in it. Directories that both
 * merge from the same entries are not looked into, and where one stack only adds layers to what they share, only names in
 * those layers are looked at: the cost follows the difference.
 */
final class StackComparison {
    private final LayerStack from;
    private final LayerStack to;

    /** Takes what differs. */
    interface Visitor {
        /** What the stacks show at one path, at least one of them something. */
        void differ(Optional<MergedEntry> before, Optional<MergedEntry> after);
    }

    /** Directories of one path, or one alone, and the names in them that are still to be compared. */
    private record Frame(Optional<MergedEntry> before, Optional<MergedEntry> after, Iterator<String> names) {}

    StackComparison(LayerStack from, LayerStack to) {
        this.from = from;
        this.to = to;
    }

    /** What to look at. */
    private record Scope(List<RawPath> within, List<RawPath> without) {
        boolean has(RawPath path) {
            return within.stream().anyMatch(one -> contains(one, path)) && !isLeftOut(path);
        }

        boolean mayLead(RawPath path) {
            return within.stream().anyMatch(one -> contains(one, path) || contains(path, one)) && !isLeftOut(path);
        }

        private boolean isLeftOut(RawPath path) {
            return without.stream().anyMatch(one -> contains(one, path));
        }

        private static boolean contains(RawPath directory, RawPath path) {
            return directory.isEmpty() || path.equals(directory) || path.raw().startsWith(directory.raw() + "/");
        }
    }

    /**
     * @param within what to look at, and all below it; nothing else is looked at
     * @param without what to leave out all the same, and all below it
     */
    void forEach(List<RawPath> within, List<RawPath> without, Visitor visitor) {
        Scope scope = new Scope(within, without);
        Deque<Frame> open = new ArrayDeque<>();
        compare(Optional.of(from.root()), Optional.of(to.root()), scope, open, visitor);
        while (!open.isEmpty()) {
            Frame frame = open.getLast();
            if (!frame.names().hasNext()) {
                open.removeLast();
                continue;
            }
            Checkpoint.pass();
            String name = frame.names().next();
            compare(
                    frame.before().flatMap(entry -> entry.child(name)),
                    frame.after().flatMap(entry -> entry.child(name)),
                    scope,
                    open,
                    visitor);
        }
    }

    private void compare(
            Optional<MergedEntry> before,
            Optional<MergedEntry> after,
            Scope scope,
            Deque<Frame> open,
            Visitor visitor) {
        if (before.isEmpty() && after.isEmpty()) {
            return;
        }
        RawPath path = before.or(() -> after).orElseThrow().path();
        if (scope.has(path) && differ(before, after)) {
            visitor.differ(before, after);
        }
        if (scope.mayLead(path)) {
            open.addLast(new Frame(before, after, names(before, after).iterator()));
        }
    }

    private boolean differ(Optional<MergedEntry> before, Optional<MergedEntry> after) {
        return before.isEmpty()
                || after.isEmpty()
                || !before.get().entry().sameAs(after.get().entry());
    }

    private SortedSet<String> names(Optional<MergedEntry> before, Optional<MergedEntry> after) {
        if (before.isPresent()
                && after.isPresent()
                && before.get().isDirectory()
                && after.get().isDirectory()) {
            return namesToCompare(before.get(), after.get());
        }
        SortedSet<String> names = before.map(MergedEntry::names).orElseGet(Collections::emptySortedSet);
        if (after.isEmpty()) {
            return names;
        }
        SortedSet<String> others = after.get().names();
        others.addAll(names);
        return others;
    }

    /** The names in the layers that the two do not share; all names if one of them hides any of the shared ones. */
    private SortedSet<String> namesToCompare(MergedEntry before, MergedEntry after) {
        List<MergedEntry.Part> fromParts = before.parts();
        List<MergedEntry.Part> toParts = after.parts();
        int shared = 0;
        while (shared < Math.min(fromParts.size(), toParts.size())
                && same(fromParts.get(fromParts.size() - 1 - shared), toParts.get(toParts.size() - 1 - shared))) {
            shared++;
        }
        SortedSet<String> names = before.names(fromParts.subList(0, fromParts.size() - shared));
        names.addAll(after.names(toParts.subList(0, toParts.size() - shared)));
        return names;
    }

    private boolean same(MergedEntry.Part left, MergedEntry.Part right) {
        return left.index() == right.index() && from.layer(left.place()) == to.layer(right.place());
    }
}
