package io.contree.sdk.internal.http;

import java.time.Duration;

/** A moment by which something has to be done, on the clock that only runs forward. */
public final class Deadline {
    /** So far away that it never comes, and sums with it do not overflow. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + capped(time).toNanos());
    }

    /** A limit in words, to follow "has not ended". */
    public static String within(Duration time) {
        return " within " + capped(time).toMillis() + " ms";
    }

    private static Duration capped(Duration time) {
        Duration positive = time.isNegative() ? Duration.ZERO : time;
        return positive.compareTo(FOREVER) > 0 ? FOREVER : positive;
    }

    public static Deadline never() {
        return in(FOREVER);
    }

    public boolean isOver() {
        return remaining().isNegative() || remaining().isZero();
    }

    public Duration remaining() {
        return Duration.ofNanos(nanos - System.nanoTime());
    }

    /** The earlier of this and a time from now. */
    public Deadline orIn(Duration time) {
        Deadline other = in(time);
        return other.nanos - nanos < 0 ? other : this;
    }
}
