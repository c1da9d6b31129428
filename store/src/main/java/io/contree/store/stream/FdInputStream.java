package io.contree.store.stream;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import java.io.IOException;

/** The bytes of an open file, from its start. Closing closes the descriptor. */
public final class FdInputStream extends BulkStream {
    private final Fd fd;
    private final long size;
    private long position;

    /** @param size of the file when it was opened, to say what is left */
    public FdInputStream(Fd fd, long size) {
        this.fd = fd;
        this.size = size;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int read = FileCalls.read(fd, buffer, offset, length, position);
        position += read;
        return read == 0 ? -1 : read;
    }

    @Override
    public int available() {
        return Math.clamp(size - position, 0, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        fd.close();
    }
}
