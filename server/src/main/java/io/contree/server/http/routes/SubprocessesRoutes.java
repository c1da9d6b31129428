package io.contree.server.http.routes;

import io.contree.api.ProcessRequest;
import io.contree.api.SignalNumber;
import io.contree.api.StdinWrite;
import io.contree.engine.Action;
import io.contree.engine.Subprocesses;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.Router;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code /operations/{id}/subprocesses}: further processes in the sandbox of a running instance. */
public final class SubprocessesRoutes {
    private final Subprocesses subprocesses;

    public SubprocessesRoutes(Subprocesses subprocesses) {
        this.subprocesses = subprocesses;
    }

    public void register(Router router) {
        router.post("/operations/{id}/subprocesses", Action.RUN, this::create);
        router.get("/operations/{id}/subprocesses/{spid}", Action.LOOK, this::get);
        router.delete("/operations/{id}/subprocesses/{spid}", Action.RUN, this::kill);
        router.post("/operations/{id}/subprocesses/{spid}/stdin", Action.RUN, this::writeStdin);
    }

    private void create(Exchange exchange) throws IOException, InterruptedException {
        UUID operation = exchange.uuid("id");
        ProcessRequest request = exchange.body(ProcessRequest.class);
        int spid = subprocesses.create(exchange.caller(), operation, request);
        exchange.header("Location", "/v1/operations/" + operation + "/subprocesses/" + spid);
        exchange.json(201, Map.of("spid", spid));
    }

    private void get(Exchange exchange) throws IOException {
        exchange.json(200, subprocesses.get(exchange.caller(), exchange.uuid("id"), spid(exchange)));
    }

    private void kill(Exchange exchange) throws InterruptedException {
        subprocesses.kill(exchange.caller(), exchange.uuid("id"), spid(exchange), signal(exchange.query()));
        exchange.empty(204);
    }

    private static int signal(Query query) {
        Optional<String> given = query.given("signal");
        return given.isEmpty()
                ? SignalNumber.KILL
                : SignalNumber.parse(given.get())
                        .orElseThrow(() -> Query.invalid(
                                "signal", given.get(), "a number from 1 to 64, or a name such as TERM or SIGTERM"));
    }

    private void writeStdin(Exchange exchange) throws IOException, InterruptedException {
        UUID operation = exchange.uuid("id");
        int spid = spid(exchange);
        StdinWrite write = exchange.body(StdinWrite.class);
        subprocesses.writeStdin(exchange.caller(), operation, spid, write.stdin());
        exchange.empty(204);
    }

    private static int spid(Exchange exchange) {
        String text = exchange.parameter("spid");
        long spid = Query.parse("spid", text);
        if (spid < 1 || spid > Integer.MAX_VALUE) {
            throw Query.invalid("spid", text, "a whole number from 1 on");
        }
        return (int) spid;
    }
}
