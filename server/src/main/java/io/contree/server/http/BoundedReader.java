package io.contree.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;

/**
 * Bounds what one connection can make the web server hold: it would read a whole chunk of a body before it passes any
 * of it on, and the line before it however long that is. Here a long chunk looks like several short ones.
 */
final class BoundedReader extends DataReader {
    private static final int PIECE = 64 << 10;
    private static final int MAX_LINE = 4096;

    /** What is still to come of a chunk that was passed on in part. */
    private int chunkLeft;

    @SuppressWarnings("removal") // the factory that replaces this constructor makes no subclasses
    BoundedReader(DataReader source) {
        super(() -> {
            source.ensureAvailable();
            return source.readBytes(source.available());
        });
    }

    /** A body of known length is asked for as it comes, so only a chunk can be longer than what has arrived. */
    @Override
    public BufferData readBuffer(int length) {
        chunkLeft = 0;
        if (length <= Math.max(PIECE, available())) {
            return super.readBuffer(length);
        }
        BufferData piece = super.readBuffer(PIECE);
        chunkLeft = length - PIECE;
        return piece;
    }

    /** Between two pieces of a chunk there is no line to skip. */
    @Override
    public void skip(int length) {
        if (chunkLeft == 0) {
            super.skip(length);
        }
    }

    @Override
    public String readLine() throws IncorrectNewLineException {
        if (chunkLeft > 0) {
            return Integer.toHexString(chunkLeft);
        }
        if (findNewLine(MAX_LINE) == MAX_LINE) {
            throw new IllegalArgumentException("a line before a chunk is longer than " + MAX_LINE);
        }
        return super.readLine();
    }
}
