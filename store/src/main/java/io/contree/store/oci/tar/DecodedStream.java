package io.contree.store.oci.tar;

import io.contree.store.StoreException;
import io.contree.store.stream.BulkStream;
import io.contree.store.stream.WatchedStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The output of a decoder that throws the same exceptions for damaged bytes as for unreadable ones: a failure that is
 * not its source's becomes a {@link MalformedArchiveException}.
 */
final class DecodedStream extends BulkStream {
    private final WatchedStream source;

    /** Makes the decoder, which may already read its header. */
    interface Decoder {
        InputStream open() throws IOException;
    }

    private DecodedStream(InputStream decoded, WatchedStream source) {
        super(decoded);
        this.source = source;
    }

    static DecodedStream of(WatchedStream source, Decoder decoder) throws IOException {
        try {
            return new DecodedStream(decoder.open(), source);
        } catch (IOException | RuntimeException e) {
            throw reason(source, e);
        }
    }

    private static IOException reason(WatchedStream source, Exception e) {
        return source.failure()
                .orElseGet(() ->
                        new MalformedArchiveException("its packed bytes are damaged, or need too much memory", e));
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException | RuntimeException e) {
            if (e instanceof StoreException known) {
                throw known;
            }
            throw reason(source, e);
        }
    }
}
