package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;

/**
 * Bounds what one connection can make the web server keep: that reads a chunk of a body as a whole before it hands any of it
 * on, and the line before it however long it is.
 */
final class BoundedReader extends DataReader {
    /** No client is known to send more in one chunk; most send less than a hundredth. */
    static final int MAX_CHUNK = 16 << 20;

    private static final int MAX_LINE = 4096;

    @SuppressWarnings("removal") // the factory that replaces this constructor makes no subclasses
    BoundedReader(DataReader source) {
        super(() -> {
            source.ensureAvailable();
            return source.readBytes(source.available());
        });
    }

    @Override
    public BufferData readBuffer(int length) {
        if (length > MAX_CHUNK) {
            throw new ContreeException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "a chunk of the body has " + length + " bytes; send chunks of at most " + MAX_CHUNK
                            + ", or the body with Content-Length");
        }
        return super.readBuffer(length);
    }

    @Override
    public String readLine() throws IncorrectNewLineException {
        if (findNewLine(MAX_LINE) == MAX_LINE) {
            throw new IllegalArgumentException("a line before a chunk is longer than " + MAX_LINE);
        }
        return super.readLine();
    }
}
