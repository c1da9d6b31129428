package io.contree.server.http.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keeps what is written as long as it is short, and passes all of it on to a stream as soon as it is not. */
final class SpillingOutput extends OutputStream {
    /** Opens the stream for a long response. */
    interface Spill {
        OutputStream open() throws IOException;
    }

    private static final int SHORT = 1 << 10;

    private final int limit;
    private byte[] kept;
    private final Spill spill;
    private int length;
    private @Nullable OutputStream out;

    SpillingOutput(int limit, Spill spill) {
        this.limit = limit;
        this.kept = new byte[Math.min(SHORT, limit)];
        this.spill = spill;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (out == null && length + count <= limit) {
            if (length + count > kept.length) {
                kept = Arrays.copyOf(kept, Math.min(limit, Math.max(2 * kept.length, length + count)));
            }
            System.arraycopy(bytes, offset, kept, length, count);
            length += count;
            return;
        }
        if (out != null) {
            out.write(bytes, offset, count);
            return;
        }
        // In two writes: an answer that is closed after a single one is sent with its length.
        int fits = limit - length;
        kept = Arrays.copyOf(kept, limit);
        System.arraycopy(bytes, offset, kept, length, fits);
        out = spill.open();
        out.write(kept);
        out.write(bytes, offset + fits, count - fits);
    }

    /** All bytes, if they were short enough to be kept. */
    byte @Nullable [] kept() {
        return out == null ? Arrays.copyOf(kept, length) : null;
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
