package io.contree.sdk;

import io.contree.sdk.internal.http.Filters;
import java.time.Instant;

/** Which uploaded files to list: a value. Starts with all of them; each method gives a narrower query. */
public final class FileQuery {
    private final Filters filters;

    private FileQuery(Filters filters) {
        this.filters = filters;
    }

    public static FileQuery all() {
        return new FileQuery(Filters.NONE);
    }

    /** Only files that were uploaded at this moment or later. */
    public FileQuery since(Instant instant) {
        return new FileQuery(filters.with("since", instant));
    }

    /** Only files that were uploaded at this moment or earlier. */
    public FileQuery until(Instant instant) {
        return new FileQuery(filters.with("until", instant));
    }

    /** At most this many, the newest. */
    public FileQuery limit(long count) {
        return new FileQuery(filters.limit(count));
    }

    Filters filters() {
        return filters;
    }
}
