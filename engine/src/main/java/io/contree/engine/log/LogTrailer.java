package io.contree.engine.log;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The line after the last event of a log that was written to its end: how many bytes there are before it, and their CRC-32C. It has no
 * id, so it ends the log for readers, as any line does that is no event.
 *
 * @param bytes before this line
 * @param crc of these
 */
record LogTrailer(long bytes, int crc) {
    private static final Pattern LINE = Pattern.compile("\\{\"crc32c\":\"([0-9a-f]{8})\",\"bytes\":([0-9]{1,18})}");

    /** No trailer is longer. */
    static final int LONGEST = 64;

    static LogTrailer of(long bytes, CRC32C crc) {
        return new LogTrailer(bytes, (int) crc.getValue());
    }

    byte[] line() {
        return "{\"crc32c\":\"%08x\",\"bytes\":%d}\n".formatted(crc, bytes).getBytes(StandardCharsets.US_ASCII);
    }

    /** @param line without its line feed */
    static Optional<LogTrailer> parse(byte[] line, int from, int to) {
        if (to - from > LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = LINE.matcher(new String(line, from, to - from, StandardCharsets.ISO_8859_1));
        return matcher.matches()
                ? Optional.of(new LogTrailer(
                        Long.parseLong(matcher.group(2)), Integer.parseUnsignedInt(matcher.group(1), 16)))
                : Optional.empty();
    }
}
