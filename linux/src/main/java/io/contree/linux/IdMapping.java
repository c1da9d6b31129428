package io.contree.linux;

/**
 * A mapping of user and group ids: id {@code i} inside, {@code 0 <= i < size}, is id {@code hostStart + i} outside.
 * The same for users and groups.
 */
public record IdMapping(int hostStart, int size) {
    /** The default of contree: 65,536 ids from 100,000 on. */
    public static final IdMapping DEFAULT = new IdMapping(100_000, 65_536);

    public IdMapping {
        if (hostStart < 0 || size < 1 || (long) hostStart + size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("id mapping out of range: " + hostStart + "+" + size);
        }
    }

    /** The id outside for an id inside. */
    public int toHost(int inside) {
        if (inside < 0 || inside >= size) {
            throw new IllegalArgumentException("id " + inside + " is outside of the mapping's 0.." + (size - 1));
        }
        return hostStart + inside;
    }
}
