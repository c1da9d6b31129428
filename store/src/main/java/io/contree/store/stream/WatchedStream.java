package io.contree.store.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Remembers its own failure, to tell it from those of whoever uses its bytes. */
public final class WatchedStream extends BulkStream {
    private Optional<IOException> failure = Optional.empty();

    public WatchedStream(InputStream in) {
        super(in);
    }

    /** How reading failed, if it did. */
    public Optional<IOException> failure() {
        return failure;
    }

    /** Whether a failure is its own. */
    public boolean failedWith(IOException e) {
        return failure.filter(e::equals).isPresent();
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
