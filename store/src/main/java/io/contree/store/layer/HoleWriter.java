package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Writes streams to files and leaves blocks of zeros out as holes. Used by one thread. */
final class HoleWriter {
    private static final int BLOCK = 4096;
    private static final int BUFFER = 1 << 17;

    private final byte[] buffer = new byte[BUFFER];
    private final byte[] zeros = new byte[BLOCK];

    /** Writes to the end of the stream into an empty file; returns the file's size. */
    long write(Fd file, InputStream content) throws IOException {
        long position = 0;
        boolean endsInHole = false;
        while (true) {
            int length = content.readNBytes(buffer, 0, BUFFER);
            if (length == 0) {
                break;
            }
            endsInHole = writeData(file, length, position);
            position += length;
        }
        if (endsInHole) {
            FileCalls.truncate(file, position);
        }
        return position;
    }

    /** Writes runs of blocks that are not zero; true if the last block was. */
    private boolean writeData(Fd file, int length, long position) throws IOException {
        int start = 0;
        int at = 0;
        while (at < length) {
            int end = Math.min(at + BLOCK, length);
            if (isZero(at, end)) {
                if (start < at) {
                    FileCalls.write(file, buffer, start, at - start, position + start);
                }
                start = end;
            }
            at = end;
        }
        if (start < length) {
            FileCalls.write(file, buffer, start, length - start, position + start);
        }
        return start == length;
    }

    private boolean isZero(int start, int end) {
        return Arrays.equals(buffer, start, end, zeros, 0, end - start);
    }
}
