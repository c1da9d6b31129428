package io.contree.server.http.exchange;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.linux.TimeSlice;
import io.helidon.http.RequestException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * A request's body that ends with PAYLOAD_TOO_LARGE once it is longer than it may be, and on which every failure to read means
 * that the client is gone.
 */
final class LimitedInput extends FilterInputStream {
    private final long limit;
    private final ConnectionWatch watch;
    private final TimeSlice slice = new TimeSlice();
    private final Duration idleTimeout;
    private final LongConsumer taken;
    private long left;

    /** With {@code taken} for the number of bytes that came; what it throws ends the reading. */
    LimitedInput(InputStream in, long limit, ConnectionWatch watch, Duration idleTimeout, LongConsumer taken) {
        super(in);
        this.limit = limit;
        this.left = limit;
        this.watch = watch;
        this.idleTimeout = idleTimeout;
        this.taken = taken;
    }

    static ContreeException tooLarge(long limit) {
        return new ContreeException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the body is longer than the " + limit
                        + " bytes that this server takes here; send less (a large input of a run can be an uploaded file),"
                        + " or raise its setting max-request for JSON or max-upload for files");
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
                    "the body is not chunked as HTTP has it; send it with Content-Length",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new ClientGoneException(e);
        } finally {
            watch.end();
        }
    }

    /** Leaves the rest, for which the web server would wait as long as it takes. */
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
