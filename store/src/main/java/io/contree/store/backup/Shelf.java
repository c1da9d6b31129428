package io.contree.store.backup;

import io.contree.linux.FaultPoint;
import io.contree.linux.FileCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Where a backup directory has things of one kind, each whole under its own name and never changed: {@code ab/abcdef…}. */
record Shelf(Path directory) {
    Path place(String name) {
        return directory.resolve(name.substring(0, 2)).resolve(name);
    }

    /** The names of all that is there. */
    Set<String> names() throws IOException {
        Set<String> names = new HashSet<>();
        for (Path part : children(directory)) {
            for (Path thing : children(part)) {
                names.add(thing.getFileName().toString());
            }
        }
        return names;
    }

    /** Removes all others; returns how many those were. */
    long keep(Predicate<String> needed) throws IOException {
        long removed = 0;
        for (String name : names()) {
            if (!needed.test(name)) {
                FileCalls.removeTree(place(name));
                FaultPoint.reach("backup.thing-removed");
                removed++;
            }
        }
        return removed;
    }

    private static Set<Path> children(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return Set.of();
        }
        Set<Path> children = new HashSet<>();
        try (Stream<Path> found = Files.list(directory)) {
            found.forEach(children::add);
        }
        return children;
    }
}
