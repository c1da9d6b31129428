package io.contree.server.http.routes;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.engine.Action;
import io.contree.engine.Images;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Router;
import io.contree.server.work.FileWork;
import io.contree.store.Commit;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** {@code /inspect/{uuid}/changes}: what differs between two images, an extension of ours. */
public final class ChangesRoutes {
    private static final int DEFAULT_LIMIT = 1000;
    private static final int MAX_LIMIT = 100_000;

    /** One difference. */
    record Item(String kind, String path) {}

    /** The answer: the first differences in byte order of their paths, and how many more there are. */
    record Answer(List<Item> changes, long more) {}

    private final Images images;
    private final FileWork work;

    public ChangesRoutes(Images images, FileWork work) {
        this.images = images;
        this.work = work;
    }

    public void register(Router router) {
        router.get("/inspect/{uuid}/changes", Action.LOOK, this::changes);
    }

    private void changes(Exchange exchange) throws IOException, InterruptedException {
        var from = exchange.query()
                .uuid("from")
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "parameter 'from' is missing; give the UUID of the image to compare with"));
        int limit = exchange.query().count("limit", DEFAULT_LIMIT, MAX_LIMIT);
        var to = exchange.uuid("uuid");
        Commit.Changes changes =
                work.begin(exchange.caller().project(), () -> images.changes(exchange.caller(), from, to, limit));
        List<Item> items = changes.listed().stream()
                .map(change ->
                        new Item(change.kind().name().toLowerCase(Locale.ROOT), ImagePath.absolute(change.path())))
                .toList();
        exchange.json(200, new Answer(items, changes.more()));
    }
}
