package io.contree.server.http.routes;

import io.contree.api.Json;
import io.contree.api.SpawnRequest;
import io.contree.engine.Action;
import io.contree.engine.Operations;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Router;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** {@code /instances}: runs are accepted here and become operations. */
public final class InstancesRoutes {
    private final Operations operations;

    public InstancesRoutes(Operations operations) {
        this.operations = operations;
    }

    public void register(Router router) {
        router.post("/instances", Action.RUN, this::spawn);
    }

    private void spawn(Exchange exchange) throws IOException {
        SpawnRequest request = exchange.body(SpawnRequest.class);
        Operations.Accepted accepted = operations.spawn(exchange.caller(), request);
        ObjectNode answer = Json.tree(accepted.request());
        answer.put("uuid", accepted.operation().toString());
        exchange.header("Location", "/v1/operations/" + accepted.operation());
        exchange.json(201, answer);
    }
}
