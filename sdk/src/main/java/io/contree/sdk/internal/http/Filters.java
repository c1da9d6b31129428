package io.contree.sdk.internal.http;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What narrows a list down, in the terms of the server (of several values, each is a parameter), and how many entries of it are wanted.
 *
 * @param limit entries in all, over all pages
 */
public record Filters(Map<String, Object> conditions, long limit) {
    public static final Filters NONE = new Filters(Map.of(), Long.MAX_VALUE);

    public Filters {
        conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "a list has to be of one entry at least, and " + limit + " was asked for");
        }
    }

    /** With one more condition, in place of any of that name. */
    public Filters with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(conditions);
        more.put(name, value);
        return new Filters(more, limit);
    }

    public Filters limit(long count) {
        return new Filters(conditions, count);
    }

    /** The address of one page of the list. */
    public String page(String list, int size, long offset) {
        Query query = new Query(list).with("limit", size).with("offset", offset);
        conditions.forEach((name, value) -> add(query, name, value));
        return query.toString();
    }

    private static void add(Query query, String name, Object value) {
        if (value instanceof Collection<?> several) {
            several.forEach(one -> query.with(name, one));
        } else {
            query.with(name, value);
        }
    }
}
