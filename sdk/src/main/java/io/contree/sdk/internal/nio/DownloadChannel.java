package io.contree.sdk.internal.nio;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file that arrives from its first byte to its last, as a channel with a position. As long as it is read in order nothing
 * of it is kept. From the first jump on, what arrives is kept in a temporary file, and comes from there when it is asked
 * for again; the file is fetched no further than to the last byte that is read.
 */
public final class DownloadChannel implements SeekableByteChannel {
    /** Starts the download again, from its first byte. */
    public interface Source {
        InputStream open() throws IOException;
    }

    private static final int CHUNK = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final long size;
    private final Source source;
    private final Consumer<Closeable> closed;
    private volatile InputStream body;
    private volatile boolean open = true;
    private @Nullable Spool spool;
    private long fetched;
    private long position;

    /** @param closed told when it is closed */
    public DownloadChannel(InputStream body, long size, Source source, Consumer<Closeable> closed) {
        this.body = body;
        this.size = size;
        this.source = source;
        this.closed = closed;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        lock.lock();
        try {
            requireOpen();
            if (position >= size) {
                return -1;
            }
            if (!into.hasRemaining()) {
                return 0;
            }
            int read = spool == null ? readOn(into) : readKept(spool, into);
            position += read;
            return read;
        } finally {
            lock.unlock();
        }
    }

    private int readOn(ByteBuffer into) throws IOException {
        byte[] bytes = new byte[(int) Math.min(Math.min(into.remaining(), CHUNK), size - position)];
        int read = fetch(bytes);
        into.put(bytes, 0, read);
        return read;
    }

    private int readKept(Spool kept, ByteBuffer into) throws IOException {
        byte[] bytes = new byte[CHUNK];
        while (fetched <= position) {
            long at = fetched;
            kept.write(bytes, fetch(bytes), at);
        }
        return kept.read(into, position, fetched);
    }

    private int fetch(byte[] bytes) throws IOException {
        int read = body.read(bytes);
        if (read < 0) {
            throw new EOFException("the server sent " + fetched + " of " + size + " bytes");
        }
        fetched += read;
        return read;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        if (newPosition < 0) {
            throw new IllegalArgumentException("a position in a file is at least 0, and not " + newPosition);
        }
        lock.lock();
        try {
            requireOpen();
            if (newPosition != position && spool == null) {
                keepFromNowOn();
            }
            position = newPosition;
            return this;
        } finally {
            lock.unlock();
        }
    }

    private void keepFromNowOn() throws IOException {
        if (fetched > 0) {
            body.close();
            body = source.open();
            fetched = 0;
        }
        spool = Spool.create();
    }

    @Override
    public long position() throws IOException {
        lock.lock();
        try {
            requireOpen();
            return position;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return size;
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    /** Also wakes a thread that waits for bytes: it fails. */
    @Override
    public void close() throws IOException {
        if (!open) {
            return;
        }
        open = false;
        closed.accept(this);
        body.close();
        lock.lock();
        try {
            body.close();
            if (spool != null) {
                spool.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
