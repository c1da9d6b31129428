package io.contree.server;

import java.net.URI;

/** How this machine reaches a server that may listen on all addresses. */
final class LocalAddress {
    private LocalAddress() {}

    static URI of(URI server) {
        return switch (server.getHost()) {
            case "0.0.0.0" -> URI.create(server.getScheme() + "://127.0.0.1:" + server.getPort());
            case "[::]", "[0:0:0:0:0:0:0:0]" -> URI.create(server.getScheme() + "://[::1]:" + server.getPort());
            default -> server;
        };
    }
}
