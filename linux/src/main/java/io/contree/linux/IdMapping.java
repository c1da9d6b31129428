package io.contree.linux;

import java.util.List;

/**
 * A mapping of user and group ids, the same for both. Every id inside from 0 to 2147483647 has one outside: the first
 * {@code size} are a range of this mapping's own, and those above share one range of the machine with every other mapping.
 *
 * @param hostStart the id outside of id 0 inside; an own range ends below 2147483647, and the shared one lies above
 * @param size how many ids are the mapping's own
 */
public record IdMapping(int hostStart, int size) {
    /** The default of contree: 65,536 own ids from 100,000 on. */
    public static final IdMapping DEFAULT = new IdMapping(100_000, 65_536);

    private static final long INSIDE_END = 1L << 31;
    /** What is added to a shared id: the last one ends where ids do, as 4294967295 is none. */
    private static final long SHARED = INSIDE_END - 1;

    /** Ids that follow each other on both sides: {@code inside} is {@code outside}, and so on, {@code size} times. */
    public record Extent(long inside, long outside, long size) {}

    public IdMapping {
        if (hostStart < 0 || size < 1 || (long) hostStart + size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("id mapping out of range: " + hostStart + "+" + size);
        }
    }

    /** The mapping whose own range is the given number of ranges further on. */
    public IdMapping next(int ranges) {
        return new IdMapping(Math.toIntExact(hostStart + (long) ranges * size), size);
    }

    /** How many mappings there are from this one on, each with a range of its own. */
    public int ranges() {
        return (Integer.MAX_VALUE - hostStart) / size;
    }

    /** The whole of it, in the kernel's terms. */
    public List<Extent> extents() {
        return List.of(new Extent(0, hostStart, size), new Extent(size, SHARED + size, INSIDE_END - size));
    }

    /** The id outside for an id inside, an unsigned number as the kernel takes it. */
    public int toHost(int inside) {
        if (inside < 0) {
            throw new IllegalArgumentException("id " + Integer.toUnsignedString(inside)
                    + " is out of range: an id inside is one of 0 to " + Integer.MAX_VALUE);
        }
        return inside < size ? hostStart + inside : (int) (SHARED + inside);
    }
}
