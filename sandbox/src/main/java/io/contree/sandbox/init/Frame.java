package io.contree.sandbox.init;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One frame of docs/design/init-protocol.md.
 *
 * @param spid the process it is about; 0 is init itself
 * @param payload positioned at its start, big endian
 */
record Frame(char type, int spid, ByteBuffer payload) {
    /** Bytes of a frame before its payload. */
    static final int HEADER = 9;
    /** The most bytes that a payload may have. */
    static final int MAX_PAYLOAD = 1 << 20;

    byte[] bytes() {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }

    /** Takes the payload's next {@code str}. */
    String text() throws BrokenFrameException {
        int length = payload.remaining() < Integer.BYTES ? -1 : payload.getInt();
        if (length < 0 || length > payload.remaining()) {
            throw new BrokenFrameException("frame " + this + " ends within a string of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** This frame if its payload has exactly that many bytes. */
    Frame sized(int bytes) throws BrokenFrameException {
        if (payload.remaining() != bytes) {
            throw new BrokenFrameException("frame " + this + " should have " + bytes + " bytes");
        }
        return this;
    }

    @Override
    public String toString() {
        return "'" + type + "' of process " + spid + " with " + payload.remaining() + " bytes";
    }
}
