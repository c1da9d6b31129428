package io.contree.store.backup;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import java.nio.file.Path;

/** Writes one file from front to back, with large parts copied from other files. Used by one thread. */
final class PackWriter implements AutoCloseable {
    private static final int BUFFER = 1 << 17;

    private final Fd file;
    private final Tally tally;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private long written;

    PackWriter(Path path, Tally tally) throws LinuxException {
        int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE;
        this.file = FileCalls.open(Fd.CWD, RawPath.of(path).raw(), flags, 0600, 0);
        this.tally = tally;
    }

    /** Where the next byte goes. */
    long end() {
        return written + filled;
    }

    void append(byte[] bytes, int length) throws LinuxException {
        int done = 0;
        while (done < length) {
            if (filled == BUFFER) {
                flush();
            }
            int part = Math.min(length - done, BUFFER - filled);
            System.arraycopy(bytes, done, buffer, filled, part);
            filled += part;
            done += part;
        }
        tally.copied(length);
    }

    /** Appends a file at the next multiple of a block, its holes as holes. */
    void appendLarge(Fd from, long size) throws LinuxException {
        flush();
        long place = PackFormat.place(written, size);
        FileCalls.truncate(file, place);
        FileCalls.copyPart(from, 0, size, file, place, tally::tell);
        FileCalls.truncate(file, place + size);
        written = place + size;
        tally.copied(size);
    }

    void flush() throws LinuxException {
        FileCalls.write(file, buffer, 0, filled, written);
        written += filled;
        filled = 0;
    }

    @Override
    public void close() {
        file.close();
    }
}
