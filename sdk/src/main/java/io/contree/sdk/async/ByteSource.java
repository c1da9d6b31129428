package io.contree.sdk.async;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A body in pieces; each is a buffer of its own. */
final class ByteSource implements Source<ByteBuffer> {
    private static final int PIECE = 32 * 1024;

    private final InputStream body;
    private @Nullable ByteBuffer next;

    ByteSource(InputStream body) {
        this.body = body;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            byte[] piece = new byte[PIECE];
            try {
                int count = body.read(piece);
                next = count < 0 ? null : ByteBuffer.wrap(piece, 0, count);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return next != null;
    }

    @Override
    public ByteBuffer next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        ByteBuffer piece = next;
        next = null;
        return piece;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // Nobody reads it any more.
        }
    }
}
