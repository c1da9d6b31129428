package io.contree.store.disk;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Tells a failure of a caller's stream from one of our disk. Used for one stream. */
public final class UploadFailure {
    private Optional<IOException> seen = Optional.empty();

    /** The same bytes; a failure to read them is remembered. Closing closes nothing. */
    public InputStream watching(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    return in.read(buffer, offset, length);
                } catch (IOException e) {
                    seen = Optional.of(e);
                    throw e;
                }
            }

            @Override
            public void close() {
                // The stream is the caller's.
            }
        };
    }

    public boolean isOf(IOException e) {
        return seen.filter(e::equals).isPresent();
    }
}
