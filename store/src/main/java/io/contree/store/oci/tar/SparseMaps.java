package io.contree.store.oci.tar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The four ways in which GNU tar writes where the data of a sparse file belongs ("Storing Sparse Files" in its manual). */
final class SparseMaps {
    private static final int MOST_EXTENTS = 1 << 20;

    private SparseMaps() {}

    /** Whether pax records describe a sparse file. */
    static boolean isSparse(PaxRecords pax) {
        return pax.text("GNU.sparse.major").isPresent()
                || pax.text("GNU.sparse.map").isPresent()
                || pax.text("GNU.sparse.size").isPresent();
    }

    /** Whether the map comes before the data (version 1.0). */
    static boolean isInData(PaxRecords pax) {
        return pax.text("GNU.sparse.major").filter("1"::equals).isPresent();
    }

    /** The extents of versions 0.0 and 0.1, which are in the records. */
    static List<TarEntry.Extent> fromRecords(PaxRecords pax) throws MalformedArchiveException {
        String map = pax.text("GNU.sparse.map").orElse("");
        if (map.isEmpty()) {
            return pax.repeatedExtents();
        }
        String[] numbers = map.split(",", -1);
        if (numbers.length % 2 != 0) {
            throw new MalformedArchiveException("a sparse map has an odd number of values");
        }
        List<TarEntry.Extent> extents = new ArrayList<>(numbers.length / 2);
        for (int i = 0; i < numbers.length; i += 2) {
            extents.add(new TarEntry.Extent(number(numbers[i]), number(numbers[i + 1])));
        }
        return extents;
    }

    /** Reads bytes of an entry's data, one line at a time. */
    interface Lines {
        String next() throws IOException;
    }

    /** The extents of version 1.0: their number, then offset and length of each, one decimal number per line. */
    static List<TarEntry.Extent> fromData(Lines lines) throws IOException {
        long count = number(lines.next());
        checkCount(count);
        List<TarEntry.Extent> extents = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            extents.add(new TarEntry.Extent(number(lines.next()), number(lines.next())));
        }
        return extents;
    }

    static void checkCount(long count) throws MalformedArchiveException {
        if (count > MOST_EXTENTS) {
            throw new MalformedArchiveException("a sparse file has more than " + MOST_EXTENTS + " extents");
        }
    }

    /** Checks that extents ascend, stay within the file and hold exactly the data there is; drops empty ones. */
    static List<TarEntry.Extent> checked(List<TarEntry.Extent> extents, long size, long dataBytes)
            throws MalformedArchiveException {
        List<TarEntry.Extent> kept = new ArrayList<>(extents.size());
        long end = 0;
        long bytes = 0;
        for (TarEntry.Extent extent : extents) {
            boolean valid = extent.offset() >= end
                    && extent.length() >= 0
                    && extent.offset() <= size
                    && extent.length() <= size - extent.offset();
            if (!valid) {
                throw new MalformedArchiveException("a sparse map goes backwards or beyond its file");
            }
            if (extent.length() > 0) {
                kept.add(extent);
                bytes += extent.length();
                end = extent.end();
            }
        }
        if (bytes != dataBytes) {
            throw new MalformedArchiveException(
                    "a sparse map describes " + bytes + " bytes, but its entry has " + dataBytes);
        }
        return kept;
    }

    private static long number(String digits) throws MalformedArchiveException {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedArchiveException("a sparse map has something that is not a number");
        }
        return Long.parseLong(digits);
    }
}
