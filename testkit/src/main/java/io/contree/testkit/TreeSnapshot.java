package io.contree.testkit;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * All that can be said of a directory tree, for comparison with another. Paths are raw and relative; the root itself is
 * the empty path.
 */
public final class TreeSnapshot {
    private final SortedMap<String, SnapshotEntry> entries;

    TreeSnapshot(SortedMap<String, SnapshotEntry> entries) {
        this.entries = entries;
    }

    /** Reads a tree; does not follow links. */
    public static TreeSnapshot read(Path root) throws IOException {
        String raw = RawPath.of(root.toAbsolutePath()).raw();
        try (Fd directory = FileCalls.open(Fd.CWD, raw, FileCalls.DIRECTORY, 0, 0)) {
            return new TreeSnapshot(new TreeReader().read(directory));
        }
    }

    /** The entries by path, in the order of the paths' bytes. */
    public Map<String, SnapshotEntry> entries() {
        return entries;
    }

    /** The same without the modification times of directories, which are not part of an image's state. */
    public TreeSnapshot withoutDirectoryTimes() {
        return map((path, entry) -> entry.isDirectory() ? entry.withMtime(0) : entry);
    }

    /** The same without any modification time. */
    public TreeSnapshot withoutTimes() {
        return map((path, entry) -> entry.withMtime(0));
    }

    /** The same without the paths that a predicate names. */
    public TreeSnapshot without(Predicate<String> paths) {
        SortedMap<String, SnapshotEntry> kept = new TreeMap<>(entries);
        kept.keySet().removeIf(paths);
        return new TreeSnapshot(kept);
    }

    /** What differs from another tree, one line for each difference; empty if nothing does. */
    public List<String> differences(TreeSnapshot other) {
        List<String> found = new ArrayList<>();
        TreeSet<String> paths = new TreeSet<>(entries.keySet());
        paths.addAll(other.entries.keySet());
        for (String path : paths) {
            String shown = "/" + RawPath.toText(path);
            SnapshotEntry mine = entries.get(path);
            SnapshotEntry theirs = other.entries.get(path);
            if (mine == null) {
                found.add(shown + " is only in the other tree");
            } else if (theirs == null) {
                found.add(shown + " is only in this tree");
            } else {
                mine.differences(theirs).forEach(difference -> found.add(shown + " " + difference));
            }
        }
        return found;
    }

    /**
     * Asserts that two trees are the same.
     *
     * @throws AssertionError naming the first twenty differences
     */
    public void assertSameAs(TreeSnapshot expected) {
        List<String> found = differences(expected);
        if (!found.isEmpty()) {
            String shown = String.join("\n  ", found.subList(0, Math.min(20, found.size())));
            throw new AssertionError(found.size() + " differences between the trees (actual != expected):\n  " + shown);
        }
    }

    private TreeSnapshot map(BiFunction<String, SnapshotEntry, SnapshotEntry> change) {
        SortedMap<String, SnapshotEntry> changed = new TreeMap<>(entries);
        changed.replaceAll(change);
        return new TreeSnapshot(changed);
    }
}
