package io.contree.store.archive;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the data of a file is between its holes. */
record SparseMap(List<Range> ranges, long size) {
    private static final int BLOCK = 512;
    /** A file with more ranges is written with its holes as zeros: the map must fit in memory. */
    private static final int MOST_RANGES = 100_000;

    record Range(long start, long length) {}

    static SparseMap of(Fd file, long size) throws LinuxException {
        List<Range> ranges = new ArrayList<>();
        long[] data = FileCalls.nextData(file, 0, size);
        while (data.length > 0) {
            if (ranges.size() == MOST_RANGES) {
                return new SparseMap(List.of(new Range(0, size)), size);
            }
            ranges.add(new Range(data[0], data[1] - data[0]));
            data = FileCalls.nextData(file, data[1], size);
        }
        return new SparseMap(ranges, size);
    }

    long dataSize() {
        return ranges.stream().mapToLong(Range::length).sum();
    }

    boolean isSparse() {
        return dataSize() < size;
    }

    /** GNU's form, filled up to whole blocks: number of ranges, then start and length of each, a line for each number. */
    byte[] encoded() {
        List<Range> all = new ArrayList<>(ranges);
        if (all.isEmpty() || all.getLast().start() + all.getLast().length() < size) {
            // Readers take the end of the last range for the end of the file.
            all.add(new Range(size, 0));
        }
        StringBuilder lines = new StringBuilder().append(all.size()).append('\n');
        all.forEach(range ->
                lines.append(range.start()).append('\n').append(range.length()).append('\n'));
        byte[] text = lines.toString().getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(text, (text.length + BLOCK - 1) / BLOCK * BLOCK);
    }
}
