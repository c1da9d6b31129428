package io.contree.store.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream with one way to read: single bytes and skipped ones are read like all others, so that none passes unseen,
 * and none twice.
 */
public abstract class BulkStream extends FilterInputStream {
    /** For bytes that do not come from another stream. */
    protected BulkStream() {
        super(nullInputStream());
    }

    protected BulkStream(InputStream in) {
        super(in);
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public abstract int read(byte[] buffer, int offset, int length) throws IOException;

    @Override
    public long skip(long wanted) throws IOException {
        byte[] buffer = new byte[Math.clamp(wanted, 0, 64 << 10)];
        return buffer.length == 0 ? 0 : Math.max(0, read(buffer, 0, buffer.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
