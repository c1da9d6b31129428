package io.contree.store.grep;

import io.contree.linux.RawPath;
import java.util.List;

/**
 * A line that matches, or a line of context, which has no submatches.
 *
 * @param path absolute
 * @param number counted from 1
 * @param offset of the line in its file, in bytes
 * @param text its raw bytes with the line terminator, cut at {@link #MAX_TEXT} bytes
 * @param bytes its true length with the line terminator
 */
public record GrepLine(
        RawPath path, long number, long offset, String text, long bytes, boolean match, List<Submatch> submatches) {
    /** Where texts are cut, in bytes. */
    public static final int MAX_TEXT = 4096;

    /**
     * A part of a line that a pattern matches.
     *
     * @param text its raw bytes, cut at {@link #MAX_TEXT} bytes
     * @param start in bytes from the start of the line
     * @param end after its last byte
     */
    public record Submatch(String text, long start, long end) {}

    public GrepLine {
        submatches = List.copyOf(submatches);
    }

    /** What the line costs to keep and to send. */
    public long weight() {
        long weight = 128L + path.length() + text.length();
        for (Submatch submatch : submatches) {
            weight += 64 + submatch.text().length();
        }
        return weight;
    }
}
