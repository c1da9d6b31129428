package io.contree.sandbox.init;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Takes frames off init's output. Allocates for a payload only once its length is known to be within bounds. */
final class FrameReader {
    private final InputStream in;

    FrameReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next frame; empty when the stream ends between two frames.
     *
     * @throws BrokenFrameException if the length is out of bounds or the stream ends within a frame
     */
    Optional<Frame> next() throws IOException {
        byte[] header = in.readNBytes(Frame.HEADER);
        if (header.length == 0) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(whole(header, Frame.HEADER));
        char type = (char) (fields.get() & 0xFF);
        int spid = fields.getInt();
        int length = fields.getInt();
        if (length < 0 || length > Frame.MAX_PAYLOAD) {
            throw new BrokenFrameException("a frame announces " + Integer.toUnsignedString(length) + " bytes");
        }
        return Optional.of(new Frame(type, spid, ByteBuffer.wrap(whole(in.readNBytes(length), length))));
    }

    private static byte[] whole(byte[] bytes, int expected) throws BrokenFrameException {
        if (bytes.length < expected) {
            throw new BrokenFrameException("the stream ended after " + bytes.length + " of " + expected + " bytes");
        }
        return bytes;
    }
}
