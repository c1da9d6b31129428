package io.contree.sdk.internal.nio;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A temporary file that goes when it is closed. */
final class Spool implements Closeable {
    private final FileChannel file;

    private Spool(FileChannel file) {
        this.file = file;
    }

    static Spool create() throws IOException {
        Path path = Files.createTempFile("contree-", ".spool");
        try {
            return new Spool(FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    void write(byte[] bytes, int length, long at) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes, 0, length);
        while (from.hasRemaining()) {
            file.write(from, at + from.position());
        }
    }

    /** Reads what fits from a position on, up to the end that is given. */
    int read(ByteBuffer into, long from, long end) throws IOException {
        ByteBuffer part = into.slice();
        part.limit((int) Math.min(part.limit(), end - from));
        int read = file.read(part, from);
        into.position(into.position() + read);
        return read;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
