package io.contree.server.http;

import io.helidon.webserver.http.ServerRequest;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per failed request. Never a query, a header or a body: they may hold secrets. */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.contree.server.request");

    void failed(ServerRequest request, Failures seen, Throwable failure, long nanos) {
        String line = String.format(
                Locale.ROOT,
                "%s %s failed: status=%d ms=%.1f error=\"%s\"",
                request.prologue().method().text(),
                printable(request.prologue().uriPath().rawPath()),
                seen.status(),
                nanos / 1e6,
                printable(seen.message()));
        if (seen.ours()) {
            LOG.error(line, failure);
        } else {
            LOG.info(line);
        }
    }

    void vanished(ServerRequest request, Exception reason) {
        LOG.debug(
                "{} {}: the client went away: {}",
                request.prologue().method().text(),
                printable(request.prologue().uriPath().rawPath()),
                reason.toString());
    }

    /** On one line and of bounded length, whatever a client sends. */
    static String printable(String text) {
        String cut = text.length() <= 500 ? text : text.substring(0, 500) + "…";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
