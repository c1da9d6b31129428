package io.contree.server.http.routes;

import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.Action;
import io.contree.engine.OperationDetails;
import io.contree.engine.Operations;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.Router;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/** {@code /operations}: their list, records and cancellation. */
public final class OperationsRoutes {
    /** Clients that poll do so with pauses of 0.1 s and more: waiting for a short run here spares them the first. */
    private static final Duration YOUNG = Duration.ofSeconds(2);

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final Operations operations;
    private final TimeParameter times;
    private final Clock clock;

    public OperationsRoutes(Operations operations, TimeParameter times, Clock clock) {
        this.operations = operations;
        this.times = times;
        this.clock = clock;
    }

    public void register(Router router) {
        router.get("/operations", Action.LOOK, this::list);
        router.get("/operations/{id}", Action.LOOK, this::get);
        router.delete("/operations/{id}", Action.CANCEL, this::cancel);
    }

    private void list(Exchange exchange) throws IOException {
        Query query = exchange.query();
        Operations.Filter filter = new Operations.Filter(
                query.constant("status", OperationStatus.class, OperationStatus::name),
                query.constant("kind", OperationKind.class, OperationKind::wire),
                times.of(query, "since"),
                times.of(query, "until"));
        exchange.json(200, operations.list(exchange.caller(), filter, query.page()));
    }

    private void get(Exchange exchange) throws IOException, InterruptedException {
        var id = exchange.uuid("id");
        boolean inflight = exchange.query().flag("inflight");
        OperationDetails details = operations.get(exchange.caller(), id, inflight);
        if (!inflight && isYoung(details.summary())) {
            operations.awaitEnd(exchange.caller(), id, WAIT);
            details = operations.get(exchange.caller(), id, false);
        }
        exchange.hold(details.weight());
        exchange.json(200, OperationJson.of(details));
    }

    private boolean isYoung(OperationSummary operation) {
        return !operation.status().isFinal()
                && operation.createdAt().isAfter(clock.instant().minus(YOUNG));
    }

    private void cancel(Exchange exchange) {
        operations.cancel(exchange.caller(), exchange.uuid("id"));
        exchange.empty(202);
    }
}
