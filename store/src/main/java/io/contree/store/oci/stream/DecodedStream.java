package io.contree.store.oci.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What a decoder makes of its source, for decoders that say "damaged" with the same exceptions as "could not be read": what
 * fails while the source does not is a {@link MalformedArchiveException}.
 */
final class DecodedStream extends FilterInputStream {
    private final Source source;

    /** A source that remembers its own failure. */
    static final class Source extends FilterInputStream {
        private Optional<IOException> failure = Optional.empty();

        Source(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException e) {
                failure = Optional.of(e);
                throw e;
            }
        }
    }

    /** Makes the decoder, which may read its header. */
    interface Decoder {
        InputStream open() throws IOException;
    }

    private DecodedStream(InputStream decoded, Source source) {
        super(decoded);
        this.source = source;
    }

    static DecodedStream of(Source source, Decoder decoder) throws IOException {
        try {
            return new DecodedStream(decoder.open(), source);
        } catch (IOException | RuntimeException e) {
            throw told(source, e);
        }
    }

    private static IOException told(Source source, Exception e) {
        return source.failure.isPresent()
                ? source.failure.get()
                : new MalformedArchiveException("its packed bytes are damaged, or need too much memory", e);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException | RuntimeException e) {
            if (e instanceof io.contree.store.StoreException known) {
                throw known;
            }
            throw told(source, e);
        }
    }

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
