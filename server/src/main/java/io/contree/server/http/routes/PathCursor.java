package io.contree.server.http.routes;

import io.contree.linux.RawPath;
import io.contree.server.http.exchange.Query;
import java.util.Base64;
import java.util.Optional;

/** Where the next page of a list that is ordered by paths or names begins: after one of them. */
final class PathCursor {
    private PathCursor() {}

    static String of(RawPath path) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(path.bytes());
    }

    /** What a request goes on after. */
    static Optional<RawPath> in(Query query) {
        return query.given("cursor").map(PathCursor::path);
    }

    private static RawPath path(String cursor) {
        try {
            return RawPath.of(Base64.getUrlDecoder().decode(cursor));
        } catch (IllegalArgumentException e) {
            throw Query.invalid("cursor", cursor, "the next_cursor of the previous answer");
        }
    }
}
