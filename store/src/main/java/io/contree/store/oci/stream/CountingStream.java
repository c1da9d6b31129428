package io.contree.store.oci.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells a listener how many bytes each read brought; skipping reads, so that nothing passes by. */
public final class CountingStream extends FilterInputStream {
    private final LongConsumer listener;
    private long count;

    public CountingStream(InputStream in, LongConsumer listener) {
        super(in);
        this.listener = listener;
    }

    /** Bytes read up to now. */
    public long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        if (read > 0) {
            count += read;
            listener.accept(read);
        }
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        if (wanted <= 0) {
            return 0;
        }
        byte[] buffer = new byte[(int) Math.min(wanted, 64 << 10)];
        return Math.max(0, read(buffer, 0, buffer.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
