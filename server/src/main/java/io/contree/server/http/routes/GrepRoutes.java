package io.contree.server.http.routes;

import io.contree.api.GrepResult;
import io.contree.engine.Action;
import io.contree.engine.Images;
import io.contree.linux.RawPath;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.Router;
import io.contree.server.work.FileWork;
import io.contree.store.ImageView;
import io.contree.store.grep.GrepLine;
import io.contree.store.grep.GrepQuery;
import io.contree.store.grep.ImageGrep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** {@code /inspect/{uuid}/grep}: searching through the files of an image. */
public final class GrepRoutes {
    /** Older clients give a request ten seconds: one of waiting, six of searching, and the rest for the answer. */
    private static final Duration SEARCH = Duration.ofSeconds(6);

    private static final int DEFAULT_TOTAL = 1000;

    private final Images images;

    private final FileWork searches;

    public GrepRoutes(Images images, FileWork searches) {
        this.images = images;
        this.searches = searches;
    }

    public void register(Router router) {
        router.get("/inspect/{uuid}/grep", Action.LOOK, this::grep);
    }

    private void grep(Exchange exchange) throws IOException, InterruptedException {
        GrepQuery query = query(exchange.query());
        var found = searches.begin(exchange.caller().project(), () -> {
            try (ImageView view = images.view(exchange.caller(), exchange.uuid("uuid"))) {
                return ImageGrep.search(view, query, SEARCH);
            }
        });
        // A client that is slow to read its answer takes no place from other searches.
        exchange.hold(found.lines().stream().mapToLong(GrepLine::weight).sum());
        exchange.json(200, answer(exchange.query(), query, found));
    }

    private static GrepQuery query(Query query) {
        List<RawPath> paths = paths(query).stream().map(ImagePath::of).toList();
        return new GrepQuery(
                query.all("pattern").stream().map(RawPath::toString).toList(),
                paths,
                query.all("glob").stream().map(RawPath::toString).toList(),
                number(query, "max_count", GrepQuery.MAX_LINES),
                number(query, "max_total", DEFAULT_TOTAL),
                query.constant("case", GrepQuery.Case.class, one -> one.name().toLowerCase(Locale.ROOT))
                        .orElse(GrepQuery.Case.SENSITIVE),
                number(query, "before", 0),
                number(query, "after", 0));
    }

    private static List<RawPath> paths(Query query) {
        List<RawPath> given =
                query.all("path").stream().filter(path -> !path.isEmpty()).toList();
        return given.isEmpty() ? List.of(new RawPath("/")) : given;
    }

    private static int number(Query query, String name, int otherwise) {
        long given = query.integer(name).orElse(otherwise);
        return Math.clamp(given, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static GrepResult answer(Query asked, GrepQuery query, io.contree.store.grep.GrepResult found) {
        return new GrepResult(
                paths(asked).getFirst().toString(),
                query.patterns(),
                found.lines().stream().map(GrepRoutes::line).toList(),
                found.truncated());
    }

    private static GrepResult.Line line(GrepLine line) {
        return new GrepResult.Line(
                line.path().toString(),
                line.number(),
                line.offset(),
                RawPath.toText(line.text()),
                line.bytes(),
                line.submatches().stream()
                        .map(part -> new GrepResult.Submatch(RawPath.toText(part.text()), part.start(), part.end()))
                        .toList(),
                line.match() ? "match" : "context");
    }
}
