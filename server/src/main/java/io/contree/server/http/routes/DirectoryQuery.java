package io.contree.server.http.routes;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.linux.RawPath;
import io.contree.server.http.exchange.Query;
import java.util.Optional;

/**
 * What a request asks of a directory.
 *
 * @param asked the path as it was given
 * @param page empty for all entries
 */
record DirectoryQuery(RawPath asked, boolean text, boolean detailed, Optional<Page> page) {
    private static final int USUAL = 1000;
    private static final int MOST = 10_000;

    /**
     * A part of the entries.
     *
     * @param after raw name that they follow
     */
    record Page(String after, int limit) {}

    static DirectoryQuery of(Query query) {
        boolean text = query.unlessZero("text");
        Optional<Page> page = page(query);
        if (text && page.isPresent()) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a listing as text is never paged; leave out limit and cursor, or text");
        }
        return new DirectoryQuery(query.raw("path").orElse(new RawPath("/")), text, query.flag("details"), page);
    }

    RawPath path() {
        return ImagePath.of(asked);
    }

    private static Optional<Page> page(Query query) {
        Optional<RawPath> cursor = PathCursor.in(query);
        if (query.integer("limit").isEmpty() && cursor.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Page(cursor.map(RawPath::raw).orElse(""), query.count("limit", USUAL, MOST)));
    }
}
