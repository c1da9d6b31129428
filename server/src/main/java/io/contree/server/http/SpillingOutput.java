package io.contree.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keeps what is written as long as it is short, and hands all of it on to a stream as soon as it is not. */
final class SpillingOutput extends OutputStream {
    /** Opens the stream for a long response. */
    interface Spill {
        OutputStream open() throws IOException;
    }

    private final byte[] kept;
    private final Spill spill;
    private int length;
    private @Nullable OutputStream out;

    SpillingOutput(int limit, Spill spill) {
        this.kept = new byte[limit];
        this.spill = spill;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (out == null && length + count <= kept.length) {
            System.arraycopy(bytes, offset, kept, length, count);
            length += count;
            return;
        }
        if (out == null) {
            out = spill.open();
            out.write(kept, 0, length);
        }
        out.write(bytes, offset, count);
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
