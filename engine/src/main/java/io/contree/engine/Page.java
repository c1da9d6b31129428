package io.contree.engine;

/** A slice of a list, newest first: {@code limit} 1 to 1,000 records after the first {@code offset}. */
public record Page(int limit, int offset) {
    public static final Page DEFAULT = new Page(100, 0);

    public Page {
        if (limit < 1 || limit > 1000 || offset < 0) {
            throw new IllegalArgumentException("page out of range: limit " + limit + ", offset " + offset);
        }
    }
}
