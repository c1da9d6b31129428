package io.contree.sandbox.init;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/** Puts whole frames on init's input, one at a time. Safe for use by several threads. */
final class FrameWriter {
    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    void write(char type, int spid, byte[] payload) throws IOException {
        write(type, spid, payload, 0, payload.length);
    }

    void write(char type, int spid, byte[] bytes, int offset, int length) throws IOException {
        if (length > Frame.MAX_PAYLOAD) {
            throw new IllegalArgumentException("a payload of " + length + " bytes");
        }
        byte[] header = new byte[Frame.HEADER];
        ByteBuffer.wrap(header).put((byte) type).putInt(spid).putInt(length);
        lock.lock();
        try {
            out.write(header);
            out.write(bytes, offset, length);
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    /** Ends init's input, which ends the sandbox. */
    void close() throws IOException {
        // Not under the lock: a writer may be blocked on a pipe that nobody empties any more.
        out.close();
    }
}
