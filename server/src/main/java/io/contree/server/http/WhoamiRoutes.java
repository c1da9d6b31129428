package io.contree.server.http;

import io.contree.engine.Tokens;

/** {@code /whoami}. */
final class WhoamiRoutes {
    private final Tokens tokens;

    WhoamiRoutes(Tokens tokens) {
        this.tokens = tokens;
    }

    void register(Router router) {
        router.get("/whoami", exchange -> exchange.json(200, tokens.whoami(exchange.caller())));
    }
}
