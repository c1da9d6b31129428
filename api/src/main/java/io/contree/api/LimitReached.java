package io.contree.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit that a run met.
 *
 * @param allowed the limit, in {@code unit}
 * @param peak the most that was reached or asked for, in {@code unit}; for output, all that the process wrote
 * @param unit {@code bytes}, {@code files}, {@code processes} or {@code milliseconds}
 * @param count how often it took effect: processes killed or forks refused; null where nobody counts
 * @param stream {@code stdout} or {@code stderr} of the main process; null for other limits
 */
public record LimitReached(
        Limit limit,
        long allowed,
        long peak,
        String unit,
        @Nullable Long count,
        @Nullable String stream) {
    private static final String BYTES = "bytes";

    /** What is limited. */
    public enum Limit {
        /** RAM and tmpfs of the whole sandbox. */
        MEMORY,
        /** Processes and threads of the whole sandbox. */
        PIDS,
        /** Bytes written to the image's state, or files, as the unit says. */
        DISK,
        /** Bytes kept of one output stream. */
        OUTPUT,
        /** Time from the start of the command. */
        TIME,
        /** Sent by a newer server and unknown to this version. */
        OTHER;

        /** The name on the wire. */
        @JsonValue
        public String wire() {
            return WireName.of(this);
        }

        /** The limit with this name on the wire. */
        @JsonCreator
        public static Limit of(String wire) {
            return WireName.read(Limit.class, wire, OTHER);
        }
    }

    /** @param killed how many processes the kernel ended */
    public static LimitReached memory(long allowed, long peak, long killed) {
        return new LimitReached(Limit.MEMORY, allowed, peak, BYTES, killed, null);
    }

    /** @param refused how many new processes were refused; null where the kernel does not count them */
    public static LimitReached pids(long allowed, @Nullable Long refused) {
        return new LimitReached(Limit.PIDS, allowed, allowed, "processes", refused, null);
    }

    public static LimitReached disk(long allowed, long peak) {
        return new LimitReached(Limit.DISK, allowed, peak, BYTES, null, null);
    }

    public static LimitReached files(long allowed, long peak) {
        return new LimitReached(Limit.DISK, allowed, peak, "files", null, null);
    }

    /** @param written kept and dropped together */
    public static LimitReached output(String stream, long allowed, long written) {
        return new LimitReached(Limit.OUTPUT, allowed, written, BYTES, null, stream);
    }

    public static LimitReached time(Duration allowed, Duration elapsed) {
        return new LimitReached(Limit.TIME, allowed.toMillis(), elapsed.toMillis(), "milliseconds", null, null);
    }
}
