package io.contree.store.oci.tar;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.Consumer;

/**
 * Modification times of imported entries. They are part of a state, so every disk must keep the same: the range is that
 * of ext4, the narrowest of those with nanoseconds, and a time outside it is moved to the nearer end.
 *
 * @param nanos in the form of {@link Stat#mtimeNanos}
 * @param moved whether it was outside the range
 */
public record EntryTime(long nanos, boolean moved) {
    /** 1901-12-13T20:45:52Z. */
    private static final BigDecimal FIRST = BigDecimal.valueOf(Integer.MIN_VALUE);

    /** 2446-05-10T22:38:55Z; the kernel keeps no fractions of a disk's first and last second. */
    private static final BigDecimal LAST = BigDecimal.valueOf((1L << 34) - (1L << 31) - 1);

    /** The time that the entry at a path gets; warns if that is not its own. */
    public long kept(RawPath path, Consumer<String> warnings) {
        if (moved) {
            warnings.accept(
                    "the modification time of \"" + path + "\" is not between 1901 and 2446: the nearest is kept");
        }
        return nanos;
    }

    static EntryTime of(BigDecimal seconds) {
        // From the second after it on, the fraction counts.
        if (seconds.compareTo(FIRST.add(BigDecimal.ONE)) < 0) {
            return new EntryTime(nanos(FIRST), seconds.compareTo(FIRST) != 0);
        }
        BigDecimal kept = seconds.min(LAST);
        return new EntryTime(nanos(kept), seconds.compareTo(kept) != 0);
    }

    private static long nanos(BigDecimal seconds) {
        return seconds.movePointRight(9)
                .setScale(0, RoundingMode.FLOOR)
                .toBigInteger()
                .longValue();
    }

    public static EntryTime of(Stat stat) {
        return of(BigDecimal.valueOf(Stat.seconds(stat.mtimeNanos()))
                .add(BigDecimal.valueOf(Stat.nanosOfSecond(stat.mtimeNanos()), 9)));
    }
}
