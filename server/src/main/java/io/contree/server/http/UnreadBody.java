package io.contree.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** What a refused request still has to send. Reading it all could take for ever, so the connection ends unless it is short. */
final class UnreadBody {
    /** As much as that the web server may read to keep a connection. */
    private static final long SHORT = 64 << 10;

    /**
     * A client that is closed on while it sends may never see the answer (Python's http.client does not look for one then), so
     * some is read first: what is too long is mostly not much too long.
     */
    private static final long LINGER_BYTES = 64 << 20;

    private static final Duration LINGER_TIME = Duration.ofSeconds(1);

    private final ServerRequest request;
    private final ConnectionWatch watch;
    private final boolean awaitsContinue;
    private final boolean endsConnection;

    UnreadBody(ServerRequest request, ConnectionWatch watch) {
        this.request = request;
        this.watch = watch;
        this.awaitsContinue = request.headers().contains(HeaderNames.EXPECT) && !request.continueSent();
        boolean isShort = request.headers().contentLength().orElse(Long.MAX_VALUE) <= SHORT && !awaitsContinue;
        this.endsConnection =
                request.content().hasEntity() && !request.content().consumed() && !isShort;
    }

    boolean endsConnection() {
        return endsConnection;
    }

    /** Reads a little of what comes, so that the answer arrives. */
    void linger() {
        if (awaitsContinue) {
            return;
        }
        byte[] buffer = new byte[8192];
        watch.begin(LINGER_TIME);
        try {
            InputStream in = request.content().inputStream();
            long left = LINGER_BYTES;
            for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
                left -= read;
            }
        } catch (IOException | RuntimeException e) {
            return;
        } finally {
            watch.end();
        }
    }
}
