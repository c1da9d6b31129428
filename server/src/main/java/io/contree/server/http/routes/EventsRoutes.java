package io.contree.server.http.routes;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.engine.Action;
import io.contree.engine.EventReader;
import io.contree.engine.Operations;
import io.contree.linux.Cores;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Failures;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /operations/{id}/events}: the log of an operation as server-sent events, replayed and then followed. */
public final class EventsRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(EventsRoutes.class);

    private final Operations operations;
    private final Duration keepalive;

    /** A thousand streams that replay a long log would leave other requests no core. */
    private final Semaphore turns = new Semaphore(Cores.forLongWork(), true);

    public EventsRoutes(Operations operations, Duration keepalive) {
        this.operations = operations;
        this.keepalive = keepalive;
    }

    public void register(Router router) {
        router.get("/operations/{id}/events", Action.LOOK, this::events);
    }

    private void events(Exchange exchange) throws IOException, InterruptedException {
        boolean follow = exchange.query().flag("follow");
        if (follow) {
            Action.RUN.require(exchange.caller());
        }
        Predicate<OperationEvent> wanted = wanted(exchange.query().integer("spid"));
        try (EventReader reader = operations.events(exchange.caller(), exchange.uuid("id"), after(exchange))) {
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no");
            exchange.stream("text/event-stream", out -> {
                SseWriter sse = new SseWriter(out);
                copy(reader, sse, wanted, follow);
            });
        }
    }

    /** The header is what a browser resumes with, so it is later than the query. */
    private static long after(Exchange exchange) {
        Optional<String> header = exchange.requestHeader("Last-Event-Id");
        long after = header.isPresent()
                ? Query.parse("Last-Event-Id", header.get())
                : exchange.query().integer("since").orElse(-1);
        return Math.max(-1, after);
    }

    /** The end of an operation concerns everybody. */
    private static Predicate<OperationEvent> wanted(OptionalLong spid) {
        if (spid.isEmpty()) {
            return event -> true;
        }
        return event -> {
            Integer of = event.spid();
            return of == null || of == spid.getAsLong() || event.eventType() == EventType.COMPLETION;
        };
    }

    /** The next event, if it is already there. */
    private Optional<OperationEvent> logged(EventReader reader) throws InterruptedException {
        turns.acquire();
        try {
            return reader.next(Duration.ZERO);
        } finally {
            turns.release();
        }
    }

    private void copy(EventReader reader, SseWriter sse, Predicate<OperationEvent> wanted, boolean follow)
            throws IOException, InterruptedException {
        try {
            while (!reader.ended()) {
                Optional<OperationEvent> event = logged(reader);
                if (event.isEmpty() && !reader.ended()) {
                    if (!follow) {
                        return;
                    }
                    sse.open();
                    event = reader.next(sse.untilSilentFor(keepalive));
                }
                if (event.filter(wanted).isPresent()) {
                    sse.event(event.get());
                } else if (sse.untilSilentFor(keepalive).isZero()) {
                    sse.keepalive();
                }
            }
        } catch (RuntimeException e) {
            LOG.error("an event stream broke", e);
            sse.failed(Failures.INTERNAL);
        }
    }
}
