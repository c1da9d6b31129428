package io.contree.server.http.routes;

import io.contree.api.LineagePage;
import io.contree.api.LineageStep;
import io.contree.engine.Action;
import io.contree.engine.Images;
import io.contree.engine.history.LineagePosition;
import io.contree.engine.history.LineageRequest;
import io.contree.engine.history.LineageRequest.Direction;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.Router;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;

/** {@code /images/{uuid}/lineage}: which runs led to an image, or on from it. */
public final class LineageRoutes {
    private static final long STEP = 1000;

    private final Images images;
    private final Clock clock;

    public LineageRoutes(Images images, Clock clock) {
        this.images = images;
        this.clock = clock;
    }

    public void register(Router router) {
        router.get("/images/{uuid}/lineage", Action.LOOK, this::lineage);
    }

    private void lineage(Exchange exchange) throws IOException {
        Query query = exchange.query();
        LineageRequest request = new LineageRequest(
                exchange.uuid("uuid"),
                query.constant(
                                "direction",
                                Direction.class,
                                direction -> direction.name().toLowerCase(Locale.ROOT))
                        .orElse(Direction.ANCESTORS),
                query.flag("first"),
                query.count("depth", Integer.MAX_VALUE, Integer.MAX_VALUE),
                query.count("limit", LineageRequest.USUAL, LineageRequest.MOST),
                query.given("cursor")
                        .map(cursor -> LineagePosition.of(cursor)
                                .orElseThrow(() ->
                                        Query.invalid("cursor", cursor, "the next_cursor of the previous answer")))
                        .orElseGet(() -> LineagePosition.start(clock.instant())));
        LineagePage page = images.lineage(exchange.caller(), request);
        exchange.hold(page.steps().stream().mapToLong(LineageRoutes::weight).sum());
        exchange.json(200, page);
    }

    /** Bytes that a step takes up, as a record and as text. */
    private static long weight(LineageStep step) {
        String command = step.command();
        return STEP + (command == null ? 0 : 2L * command.length());
    }
}
