package io.contree.server.config;

import java.util.Optional;
import java.util.Set;

/**
 * Who reaches the web server, and how.
 *
 * @param open requests need no token, and all are the first project's
 * @param origins web pages of these origins may call; {@code *} is any
 * @param tls empty for plain HTTP
 */
public record HttpAccess(boolean open, Set<String> origins, Optional<TlsFiles> tls) {
    /** Tokens, no web pages, plain HTTP. */
    public static final HttpAccess STANDARD = new HttpAccess(false, Set.of(), Optional.empty());

    public HttpAccess {
        origins = Set.copyOf(origins);
    }
}
