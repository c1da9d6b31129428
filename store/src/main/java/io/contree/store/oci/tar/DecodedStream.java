package io.contree.store.oci.tar;

import io.contree.store.StoreException;
import io.contree.store.stream.BulkStream;
import io.contree.store.stream.WatchedStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a decoder makes of its source, for decoders that say "damaged" with the same exceptions as "could not be read": what
 * fails while the source does not is a {@link MalformedArchiveException}.
 */
final class DecodedStream extends BulkStream {
    private final WatchedStream source;

    /** Makes the decoder, which may read its header. */
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
            throw told(source, e);
        }
    }

    private static IOException told(WatchedStream source, Exception e) {
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
            throw told(source, e);
        }
    }
}
