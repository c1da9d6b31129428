package io.contree.sdk;

import io.contree.sdk.internal.http.Query;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A search for lines in the files of an image: a value. Starts with one pattern, everywhere; each method gives another
 * search with one thing more.
 */
public final class Grep {
    private final Map<String, List<Object>> parameters;

    private Grep(Map<String, List<Object>> parameters) {
        this.parameters = Collections.unmodifiableMap(parameters);
    }

    /** Lines that match a regular expression, in the syntax of Rust's {@code regex} crate. */
    public static Grep of(String pattern) {
        return new Grep(Map.of()).pattern(pattern);
    }

    /** Also lines that match this; at most 16 patterns of 1024 characters. */
    public Grep pattern(String pattern) {
        return more("pattern", pattern);
    }

    /** In this file or directory, and in further ones that are named; without any, everywhere. At most 16. */
    public Grep path(String path) {
        return more("path", path);
    }

    /**
     * In files whose path matches, in the syntax of {@code rg -g}; with {@code !} in front, not in those. Of several globs
     * the last that matches decides. At most 64.
     */
    public Grep glob(String glob) {
        return more("glob", glob);
    }

    /** At most this many matching lines of each file, 1 to 10,000. */
    public Grep maxPerFile(int lines) {
        return only("max_count", lines);
    }

    /** At most this many matching lines in all, 1 to 10,000; 1,000 by default. */
    public Grep maxTotal(int lines) {
        return only("max_total", lines);
    }

    /** Ignores case. */
    public Grep ignoreCase() {
        return only("case", "insensitive");
    }

    /** Ignores case unless a pattern has a capital letter. */
    public Grep smartCase() {
        return only("case", "smart");
    }

    /** With this many lines before and after each match, 0 to 50; they come as lines of type {@code context}. */
    public Grep context(int before, int after) {
        return only("before", before).only("after", after);
    }

    Query on(String address) {
        Query query = new Query(address);
        parameters.forEach((name, values) -> values.forEach(value -> query.with(name, value)));
        return query;
    }

    private Grep more(String name, Object value) {
        List<Object> values = new ArrayList<>(parameters.getOrDefault(name, List.of()));
        values.add(value);
        return set(name, values);
    }

    private Grep only(String name, Object value) {
        return set(name, List.of(value));
    }

    private Grep set(String name, List<Object> values) {
        Map<String, List<Object>> changed = new LinkedHashMap<>(parameters);
        changed.put(name, List.copyOf(values));
        return new Grep(changed);
    }

    @Override
    public String toString() {
        return "Grep" + parameters;
    }
}
