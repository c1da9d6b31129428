package io.contree.sdk;

import io.contree.api.LineagePage;
import io.contree.api.LineageStep;
import io.contree.sdk.internal.http.CursorPages;
import io.contree.sdk.internal.http.Filters;
import io.contree.sdk.internal.http.Query;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Which steps of an image's lineage to list: a value. Starts with all in one direction; each method gives a narrower query. */
public final class LineageQuery {
    private static final int FIRST_PAGE = 1000;
    /** As many as a server gives: it goes all the way to a page anew. */
    private static final int NEXT_PAGES = 10_000;

    private final Filters filters;

    private LineageQuery(Filters filters) {
        this.filters = filters;
    }

    /** What led to the image: the nearest first, and of those equally near the newest. */
    public static LineageQuery ancestors() {
        return new LineageQuery(Filters.NONE.with("direction", "ancestors"));
    }

    /** What was made from the image: the nearest first, and of those equally near the newest. */
    public static LineageQuery descendants() {
        return new LineageQuery(Filters.NONE.with("direction", "descendants"));
    }

    /** Only the step that each state came by first: ancestors are then one line, which {@code IMAGE~N} counts along, and descendants a tree. */
    public LineageQuery first() {
        return new LineageQuery(filters.with("first", "1"));
    }

    /** Only up to this many steps away. */
    public LineageQuery depth(int steps) {
        return new LineageQuery(filters.with("depth", steps));
    }

    /** At most this many, the nearest. */
    public LineageQuery limit(long count) {
        return new LineageQuery(filters.limit(count));
    }

    Stream<LineageStep> stream(Api api, UUID image) {
        return CursorPages.stream(cursor -> page(api, image, cursor)).limit(filters.limit());
    }

    private CursorPages.Page<LineageStep> page(Api api, UUID image, Optional<String> cursor) {
        int size = cursor.isPresent() ? NEXT_PAGES : FIRST_PAGE;
        Query query = new Query("/images/" + image + "/lineage").with("limit", Math.min(size, filters.limit()));
        filters.conditions().forEach(query::with);
        cursor.ifPresent(text -> query.with("cursor", text));
        LineagePage page = api.get("list the lineage of image " + image, query.toString(), LineagePage.class);
        return new CursorPages.Page<>(page.steps(), Optional.ofNullable(page.nextCursor()));
    }
}
