package io.contree.store.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A range of a file as a stream; skipping costs nothing. Several slices may share a channel, which stays open. */
public final class FileSlice extends BulkStream {
    private final FileChannel channel;
    private final long end;
    private long position;

    public FileSlice(FileChannel channel, long offset, long length) {
        this.channel = channel;
        this.position = offset;
        this.end = offset + length;
    }

    /** Where in the file the next byte is. */
    public long position() {
        return position;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (position >= end) {
            return -1;
        }
        int read = channel.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, end - position)), position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public long skip(long wanted) {
        long skipped = Math.clamp(wanted, 0, end - position);
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(end - position, Integer.MAX_VALUE);
    }
}
