package io.contree.server.http.exchange;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.linux.TimeSlice;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request: read by its handler or, if the request is refused, read and dropped. A client whose
 * connection is closed while it sends may never see its answer (Python's http.client does not look for one then, and a
 * reset takes it from those that do), so what comes is read for a while; reading it all could take forever, so the
 * connection then ends.
 */
public final class RequestBody {
    /** The web server may read this much to keep a connection. */
    private static final long SHORT = 64 << 10;

    private static final long MOST = 4L << 30;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** For a client that has stopped sending, perhaps to read. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final ServerRequest request;
    private final ConnectionWatch watch;
    private final Duration idleTimeout;
    private @Nullable InputStream stream;

    public RequestBody(ServerRequest request, ConnectionWatch watch, Duration idleTimeout) {
        this.request = request;
        this.watch = watch;
        this.idleTimeout = idleTimeout;
    }

    /**
     * Its bytes; PAYLOAD_TOO_LARGE once there are more than the limit. Closing the stream leaves the rest.
     *
     * @param taken told how many came; what it throws ends the reading
     */
    InputStream upTo(long limit, LongConsumer taken) {
        request.headers()
                .first(HeaderNames.CONTENT_ENCODING)
                .filter(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("identity"))
                .ifPresent(coding -> {
                    throw new ContreeException(
                            ErrorCode.INVALID_ARGUMENT, "the body has a Content-Encoding; send it without one");
                });
        if (request.headers().contentLength().orElse(0) > limit) {
            throw tooLarge(limit);
        }
        return new Limited(stream(), limit, taken);
    }

    /** The same stream each time: the web server gives it only once. */
    private InputStream stream() {
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

    /** True if too much may still come to keep the connection after an error. */
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

    private static ContreeException tooLarge(long limit) {
        return new ContreeException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the body is longer than the " + limit
                        + " bytes that this server takes here; send less (a large input of a run can be an uploaded file),"
                        + " or raise its setting max-request for JSON or max-upload for files");
    }

    /** Every failure to read means that the client is gone. */
    private final class Limited extends FilterInputStream {
        private final long limit;
        private final LongConsumer taken;
        private final TimeSlice slice = new TimeSlice();
        private long left;

        Limited(InputStream in, long limit, LongConsumer taken) {
            super(in);
            this.limit = limit;
            this.left = limit;
            this.taken = taken;
        }

        @Override
        public int read() throws IOException {
            int read = attempt(in::read);
            if (read >= 0) {
                take(1);
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = attempt(() -> in.read(bytes, offset, length));
            if (read > 0) {
                take(read);
            }
            return read;
        }

        @Override
        public long skip(long bytes) throws IOException {
            return read(new byte[(int) Math.min(bytes, 8192)]);
        }

        private interface Read {
            int run() throws IOException;
        }

        private int attempt(Read read) throws ClientGoneException {
            slice.yieldWhenUsedUp();
            watch.begin(idleTimeout);
            try {
                return read.run();
            } catch (ContreeException e) {
                throw e;
            } catch (RequestException | IllegalArgumentException e) {
                throw new ContreeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the body is not chunked as HTTP requires; send it with Content-Length",
                        e);
            } catch (IOException | RuntimeException e) {
                throw new ClientGoneException(e);
            } finally {
                watch.end();
            }
        }

        /** The web server would wait for the rest however long it takes. */
        @Override
        public void close() {}

        private void take(long bytes) {
            left -= bytes;
            if (left < 0) {
                throw tooLarge(limit);
            }
            taken.accept(bytes);
        }
    }
}
