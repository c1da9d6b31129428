package io.contree.sdk;

import io.contree.sdk.internal.http.Query;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What to find of the difference between two images: a value. Starts with all of it; each method gives a narrower query. */
public final class DiffQuery {
    private final Map<String, List<Object>> parameters;

    private DiffQuery(Map<String, List<Object>> parameters) {
        this.parameters = Collections.unmodifiableMap(parameters);
    }

    public static DiffQuery all() {
        return new DiffQuery(Map.of());
    }

    /** Only what differs at this path or below, and at further ones that are named. */
    public DiffQuery path(String path) {
        return with("path", path);
    }

    /** But nothing at this path or below, nor at further ones that are named: {@code /repo/.git}. */
    public DiffQuery exclude(String path) {
        return with("exclude", path);
    }

    /** Leaves out files that differ in nothing but their time of modification. A patch never has these. */
    public DiffQuery ignoringTimes() {
        return with("times", false);
    }

    /** Shows a file that moved as one that was deleted and one that was added. */
    public DiffQuery withoutRenames() {
        return with("renames", false);
    }

    private DiffQuery with(String name, Object value) {
        Map<String, List<Object>> changed = new LinkedHashMap<>(parameters);
        List<Object> values = new ArrayList<>(changed.getOrDefault(name, List.of()));
        values.add(value);
        changed.put(name, List.copyOf(values));
        return new DiffQuery(changed);
    }

    Query on(String address) {
        Query query = new Query(address);
        parameters.forEach((name, values) -> values.forEach(value -> query.with(name, value)));
        return query;
    }

    @Override
    public String toString() {
        return "DiffQuery" + parameters;
    }
}
