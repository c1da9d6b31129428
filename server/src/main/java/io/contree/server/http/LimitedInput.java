package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body that ends with PAYLOAD_TOO_LARGE once it is longer than it may be. */
final class LimitedInput extends FilterInputStream {
    private final long limit;
    private long left;

    LimitedInput(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    static ContreeException tooLarge(long limit) {
        return new ContreeException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the body is longer than the " + limit
                        + " bytes that this server takes here; send less, or raise its limit");
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            take(1);
        }
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
            take(read);
        }
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        take(skipped);
        return skipped;
    }

    private void take(long bytes) {
        left -= bytes;
        if (left < 0) {
            throw tooLarge(limit);
        }
    }
}
