package io.contree.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One client's part of docs/compatibility.md: what it does, against the versions and ways it was tried in.
 *
 * @param columns by name, in order of names: features with their outcome
 */
record CompatibilityTable(SortedMap<String, SortedMap<String, String>> columns) {
    private static final String ABSENT = "–";

    /** The table of some lines of Markdown; nothing gives an empty one. */
    static CompatibilityTable parse(List<String> lines) {
        SortedMap<String, SortedMap<String, String>> columns = new TreeMap<>();
        if (lines.isEmpty()) {
            return new CompatibilityTable(columns);
        }
        List<String> names = cells(lines.getFirst());
        for (int i = 1; i < names.size(); i++) {
            SortedMap<String, String> column = new TreeMap<>();
            for (String line : lines.subList(2, lines.size())) {
                List<String> row = cells(line);
                if (!row.get(i).equals(ABSENT)) {
                    column.put(row.getFirst(), row.get(i));
                }
            }
            columns.put(names.get(i), column);
        }
        return new CompatibilityTable(columns);
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    CompatibilityTable with(String column, Map<String, String> outcomes) {
        SortedMap<String, SortedMap<String, String>> changed = new TreeMap<>(columns);
        changed.put(column, new TreeMap<>(outcomes));
        return new CompatibilityTable(changed);
    }

    /** Every row that the table has, with the same outcome in this column. */
    CompatibilityTable withAll(String column, String outcome) {
        SortedMap<String, String> outcomes = new TreeMap<>();
        features().forEach(feature -> outcomes.put(feature, outcome));
        return with(column, outcomes);
    }

    Map<String, String> column(String name) {
        return columns.getOrDefault(name, new TreeMap<>());
    }

    private SortedSet<String> features() {
        SortedSet<String> features = new TreeSet<>();
        columns.values().forEach(column -> features.addAll(column.keySet()));
        return features;
    }

    String render() {
        StringBuilder out = new StringBuilder("| |");
        columns.keySet().forEach(name -> out.append(' ').append(name).append(" |"));
        out.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
        for (String feature : features()) {
            out.append("| ").append(feature).append(" |");
            columns.values()
                    .forEach(column -> out.append(' ')
                            .append(column.getOrDefault(feature, ABSENT))
                            .append(" |"));
            out.append('\n');
        }
        return out.toString();
    }
}
