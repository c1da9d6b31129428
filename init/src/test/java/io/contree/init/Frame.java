package io.contree.init;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One frame of the protocol between server and init, as the tests read and write it. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Frame(char type, int spid, byte[] payload) {
    static Frame read(DataInputStream in) throws IOException {
        char type = (char) in.readUnsignedByte();
        int spid = in.readInt();
        return new Frame(type, spid, in.readNBytes(in.readInt()));
    }

    byte[] encode() {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) type)
                .putInt(spid)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    ByteBuffer body() {
        return ByteBuffer.wrap(payload);
    }

    String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The string of a frame whose payload is one {@code str}. */
    String string() {
        assert body().getInt() == payload.length - 4;
        return new String(payload, 4, payload.length - 4, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return type + "(" + spid + ", " + payload.length + " bytes)";
    }
}
