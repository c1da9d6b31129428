package io.contree.store.manifest;

import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.ImageDiff;
import io.contree.store.ImageDiff.Aspect;
import io.contree.store.ImageDiff.Difference;
import io.contree.store.ImageDiff.Kind;
import io.contree.store.ImageDiff.Query;
import io.contree.store.ImageDiff.Side;
import io.contree.store.ImageDiff.Totals;
import io.contree.store.state.TreeEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds a page of what differs between two stacks, and the totals of all. All of it is gone through for each page, twice where renames
 * are looked for; only the page and the names of moved files are kept.
 */
public final class StackDiff {
    private final LayerStack from;
    private final LayerStack to;
    private final Query query;
    private final StackComparison comparison;

    public StackDiff(LayerStack from, LayerStack to, Query query) {
        this.from = from;
        this.to = to;
        this.query = query;
        this.comparison = new StackComparison(from, to);
    }

    /** Takes differences. */
    private interface Visitor {
        void take(Kind kind, Optional<MergedEntry> before, Optional<MergedEntry> after);
    }

    /** The files that moved: what was there before, by the new path; and the old paths. */
    private record Renames(Map<RawPath, MergedEntry> sources, Set<RawPath> old) {}

    public ImageDiff find() {
        Renames renames = query.renames() ? renames() : new Renames(Map.of(), Set.of());
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        List<Difference> page = new ArrayList<>();
        boolean[] more = {false};
        forEach((kind, before, after) -> {
            RawPath path = after.or(() -> before).orElseThrow().path();
            if (kind == Kind.DELETED && renames.old().contains(path)) {
                return;
            }
            Optional<MergedEntry> source =
                    Optional.ofNullable(kind == Kind.ADDED ? renames.sources().get(path) : null);
            Kind found = source.isPresent() ? Kind.RENAMED : kind;
            counts.merge(found, 1L, Long::sum);
            if (query.after().isPresent() && path.compareTo(query.after().get()) <= 0) {
                return;
            }
            if (page.size() == query.limit()) {
                more[0] = true;
            } else {
                page.add(new Difference(
                        found, source.or(() -> before).map(StackDiff::side), after.map(StackDiff::side)));
            }
        });
        Totals totals = new Totals(
                counts.getOrDefault(Kind.ADDED, 0L),
                counts.getOrDefault(Kind.MODIFIED, 0L),
                counts.getOrDefault(Kind.DELETED, 0L),
                counts.getOrDefault(Kind.RENAMED, 0L));
        return new ImageDiff(page, totals, more[0] ? Optional.of(page.getLast().path()) : Optional.empty());
    }

    /** What the skeleton alone has is no part of an image to those who look at it. */
    private void forEach(Visitor visitor) {
        comparison.forEach(query.within(), query.without(), (before, after) -> {
            Optional<MergedEntry> old = before.filter(entry -> isShown(entry, from));
            Optional<MergedEntry> now = after.filter(entry -> isShown(entry, to));
            if (old.isPresent() && now.isPresent()) {
                if (counts(old.get(), now.get())) {
                    visitor.take(Kind.MODIFIED, old, now);
                }
            } else if (old.isPresent() || now.isPresent()) {
                visitor.take(now.isPresent() ? Kind.ADDED : Kind.DELETED, old, now);
            }
        });
    }

    private static boolean isShown(MergedEntry entry, LayerStack stack) {
        return entry.path().isEmpty() || entry.place() < stack.depth() - 1;
    }

    private boolean counts(MergedEntry before, MergedEntry after) {
        return query.times() || !side(before).differences(side(after)).equals(EnumSet.of(Aspect.TIME));
    }

    /** Files of equal content, in the order of their paths; one that keeps its name goes first. */
    private Renames renames() {
        Map<Digest, List<MergedEntry>> gone = new HashMap<>();
        List<MergedEntry> come = new ArrayList<>();
        int[] candidates = {0};
        forEach((kind, before, after) -> {
            MergedEntry entry = after.or(() -> before).orElseThrow();
            TreeEntry file = entry.entry();
            if (kind == Kind.MODIFIED || !file.isRegular() || file.size() == 0) {
                return;
            }
            if (++candidates[0] > ImageDiff.MOST_RENAME_CANDIDATES) {
                return;
            }
            if (kind == Kind.ADDED) {
                come.add(entry);
            } else {
                gone.computeIfAbsent(file.content().orElseThrow(), any -> new ArrayList<>())
                        .add(entry);
            }
        });
        Renames renames = new Renames(new HashMap<>(), new HashSet<>());
        if (candidates[0] > ImageDiff.MOST_RENAME_CANDIDATES) {
            return renames;
        }
        for (boolean sameName : new boolean[] {true, false}) {
            Map<String, Deque<MergedEntry>> sources = new HashMap<>();
            gone.forEach((content, entries) -> entries.stream()
                    .filter(entry -> !renames.old().contains(entry.path()))
                    .forEach(entry -> sources.computeIfAbsent(key(content, entry, sameName), any -> new ArrayDeque<>())
                            .add(entry)));
            for (MergedEntry entry : come) {
                Deque<MergedEntry> fitting = renames.sources().containsKey(entry.path())
                        ? null
                        : sources.get(key(entry.entry().content().orElseThrow(), entry, sameName));
                MergedEntry source = fitting == null ? null : fitting.poll();
                if (source != null) {
                    renames.sources().put(entry.path(), source);
                    renames.old().add(source.path());
                }
            }
        }
        return renames;
    }

    private static String key(Digest content, MergedEntry entry, boolean named) {
        return named ? content + "/" + entry.path().name() : content.toString();
    }

    private static Side side(MergedEntry merged) {
        TreeEntry entry = merged.entry();
        return new Side(
                merged.path(),
                entry.mode(),
                entry.uid(),
                entry.gid(),
                entry.mtimeNanos(),
                entry.size(),
                entry.content(),
                entry.target(),
                merged.link(),
                entry.rdevMajor(),
                entry.rdevMinor(),
                entry.xattrs());
    }
}
