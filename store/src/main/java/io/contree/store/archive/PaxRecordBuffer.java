package io.contree.store.archive;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The records of one extended header: {@code length SP key = value NL}, the length in decimal and including itself. */
final class PaxRecordBuffer {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean binary;

    /** A record for a name that the plain header may not hold. */
    void text(String key, String raw, boolean needed) {
        if (needed) {
            if (!isUtf8(raw) && !binary) {
                // Says that names here are bytes of no known character set.
                raw("hdrcharset", "BINARY");
                binary = true;
            }
            raw(key, raw);
        }
    }

    void number(String key, long value, boolean needed) {
        if (needed) {
            raw(key, Long.toString(value));
        }
    }

    /** A record for a time that a plain header cannot hold: no whole second, or out of its range. */
    void time(String key, long nanos) {
        long seconds = Stat.seconds(nanos);
        long fraction = Stat.nanosOfSecond(nanos);
        if (fraction == 0 && seconds >= 0 && seconds < 1L << 33) {
            return;
        }
        boolean negative = seconds < 0;
        long whole = negative ? -(nanos / SECOND) : seconds;
        long rest = negative ? -(nanos % SECOND) : fraction;
        raw(key, (negative ? "-" : "") + whole + ".%09d".formatted(rest));
    }

    void raw(String key, String value) {
        int content = key.length() + value.length() + 3;
        int length = content + Integer.toString(content).length();
        // The length's own digits may be one more than those of the length without them.
        length = content + Integer.toString(length).length();
        bytes.writeBytes(RawPath.bytes(length + " " + key + "=" + value + "\n"));
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private static boolean isUtf8(String raw) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(RawPath.bytes(raw)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
