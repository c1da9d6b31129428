package io.contree.server.http;

import io.contree.server.http.exchange.ConnectionWatch;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;

/** Headers must be complete within a limit after the request line, however slowly they come. */
final class HeaderDeadline implements Http1ConnectionListener {
    private final ConnectionWatch watch;
    private final Duration limit;

    HeaderDeadline(ConnectionWatch watch, Duration limit) {
        this.watch = watch;
        this.limit = limit;
    }

    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
        watch.begin(limit);
    }

    @Override
    public void headers(ConnectionContext context, Headers headers) {
        watch.end();
    }
}
