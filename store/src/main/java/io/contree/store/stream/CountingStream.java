package io.contree.store.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells a listener how many bytes each read brought. */
public final class CountingStream extends BulkStream {
    private final LongConsumer listener;
    private long count;

    public CountingStream(InputStream in, LongConsumer listener) {
        super(in);
        this.listener = listener;
    }

    /** Bytes read so far. */
    public long count() {
        return count;
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
}
