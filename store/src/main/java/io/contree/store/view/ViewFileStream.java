package io.contree.store.view;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of an open file; owns its descriptor. Used by one thread. */
final class ViewFileStream extends InputStream {
    private final Fd file;
    private long position;

    ViewFileStream(Fd file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int read = FileCalls.read(file, buffer, offset, length, position);
        position += read;
        return read == 0 ? -1 : read;
    }

    @Override
    public void close() {
        file.close();
    }
}
