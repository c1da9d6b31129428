package io.contree.testkit.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one probe has seen, each thing by name and how often. */
public final class Sightings {
    private final SortedMap<String, Integer> counts = new TreeMap<>();
    private final SortedMap<String, Integer> allowances = new TreeMap<>();

    void add(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    /** Adds a name that may be seen a few times more than before: for what the JVM itself opens at its own time. */
    void addLoosely(String name, int allowance) {
        add(name);
        allowances.put(name, allowance);
    }

    /** What has been seen more often than before. */
    public List<String> beyond(Sightings before) {
        List<String> more = new ArrayList<>();
        counts.forEach((name, count) -> {
            int grown = count - before.counts.getOrDefault(name, 0);
            if (grown > allowances.getOrDefault(name, 0)) {
                more.add(grown == 1 ? name : name + " (" + grown + " times)");
            }
        });
        return more;
    }
}
