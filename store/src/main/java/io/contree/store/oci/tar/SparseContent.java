package io.contree.store.oci.tar;

import io.contree.store.stream.BulkStream;
import java.io.IOException;
import java.util.Arrays;

/** The content of the entry that a {@link TarReader} is at, with zeros where a sparse file has holes. */
public final class SparseContent extends BulkStream {
    private final TarReader tar;
    private final TarEntry entry;
    private long position;
    private int extent;

    public SparseContent(TarReader tar, TarEntry entry) {
        this.tar = tar;
        this.entry = entry;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (extent < entry.extents().size() && entry.extents().get(extent).end() == position) {
            extent++;
        }
        boolean past = extent == entry.extents().size();
        long next = past ? entry.size() : entry.extents().get(extent).offset();
        int read;
        if (position < next) {
            read = (int) Math.min(length, next - position);
            Arrays.fill(buffer, offset, offset + read, (byte) 0);
        } else if (past) {
            return -1;
        } else {
            long left = entry.extents().get(extent).end() - position;
            read = tar.read(buffer, offset, (int) Math.min(length, left));
        }
        position += read;
        return read;
    }
}
