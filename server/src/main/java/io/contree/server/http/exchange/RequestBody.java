package io.contree.server.http.exchange;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request: read by its handler, or, if the request is refused, read to be rid of it. A client that is closed on
 * while it sends may never see its answer (Python's http.client does not look for one then, and a reset takes it away from those
 * that do), so what comes is read for a while; reading it all could take for ever, so the connection then ends.
 */
public final class RequestBody {
    /** As much as that the web server may read to keep a connection. */
    private static final long SHORT = 64 << 10;

    private static final long MOST = 4L << 30;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** Of a client that has stopped to send, perhaps to read. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final ServerRequest request;
    private final ConnectionWatch watch;
    private @Nullable InputStream stream;

    public RequestBody(ServerRequest request, ConnectionWatch watch) {
        this.request = request;
        this.watch = watch;
    }

    /** The same stream each time: the web server gives it once. */
    InputStream stream() {
        InputStream known = stream;
        if (known == null) {
            known = request.content().hasEntity() ? request.content().inputStream() : InputStream.nullInputStream();
            stream = known;
        }
        return known;
    }

    /** The client asked whether to send, and was not told to. */
    private boolean isAwaited() {
        return request.headers().contains(HeaderNames.EXPECT) && !request.continueSent();
    }

    /** True if so much may still come that the connection cannot be kept after an error. */
    public boolean endsConnection() {
        boolean isShort = request.headers().contentLength().orElse(Long.MAX_VALUE) <= SHORT && !isAwaited();
        return request.content().hasEntity() && !request.content().consumed() && !isShort;
    }

    /** Reads what comes, within bounds, so that the answer that was sent arrives. */
    public void readRest() {
        if (isAwaited()) {
            return;
        }
        long deadline = System.nanoTime() + LONGEST.toNanos();
        byte[] buffer = new byte[64 << 10];
        long left = MOST;
        try {
            InputStream in = stream();
            int read = 0;
            while (read >= 0 && left > 0 && deadline - System.nanoTime() > 0) {
                watch.begin(SILENCE);
                read = in.read(buffer);
                watch.end();
                left -= read;
            }
        } catch (IOException | RuntimeException e) {
            return;
        } finally {
            watch.end();
        }
    }
}
