package io.contree.server.http.exchange;

import io.helidon.webserver.http.ServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One line per failed request. Never a query, a header or a body: they may hold secrets. */
public final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.contree.server.request");

    public void failed(ServerRequest request, Failures seen, Throwable failure, long nanos) {
        LoggingEventBuilder line =
                seen.isDefect() ? LOG.atError().setCause(failure) : seen.isTrouble() ? LOG.atWarn() : LOG.atInfo();
        line = about(line, request)
                .addKeyValue("status", seen.status())
                .addKeyValue("duration_ms", nanos / 1_000_000)
                .addKeyValue("error", printable(seen.message()));
        String detail = String.valueOf(failure.getMessage());
        if (seen.isTrouble() && !seen.message().equals(detail)) {
            line = line.addKeyValue("detail", printable(detail));
        }
        line.log("request failed");
    }

    /** An answer that was cut off: an event stream when the server stops, or something that nobody foresaw. */
    public void broke(ServerRequest request, Exception reason, long nanos) {
        if (reason instanceof InterruptedException) {
            about(LOG.atDebug(), request).log("an answer ended with the server");
        } else {
            failed(request, Failures.of(reason), reason, nanos);
        }
    }

    public void vanished(ServerRequest request, Exception reason) {
        about(LOG.atDebug(), request).addKeyValue("reason", reason.toString()).log("the client went away");
    }

    private static LoggingEventBuilder about(LoggingEventBuilder line, ServerRequest request) {
        return line.addKeyValue("method", printable(request.prologue().method().text()))
                .addKeyValue("path", printable(request.prologue().uriPath().rawPath()));
    }

    /** On one line and of bounded length, whatever a client sends. */
    public static String printable(String text) {
        String cut = text.length() <= 500 ? text : text.substring(0, 500) + "…";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
