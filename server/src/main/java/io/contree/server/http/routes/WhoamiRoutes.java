package io.contree.server.http.routes;

import io.contree.engine.Tokens;
import io.contree.server.http.exchange.Router;

/** {@code /whoami}. */
public final class WhoamiRoutes {
    private final Tokens tokens;

    public WhoamiRoutes(Tokens tokens) {
        this.tokens = tokens;
    }

    public void register(Router router) {
        router.get("/whoami", exchange -> exchange.json(200, tokens.whoami(exchange.caller())));
    }
}
