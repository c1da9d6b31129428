package io.contree.api;

import java.util.List;

/**
 * What a search through an image found.
 *
 * @param path the first path that was searched
 * @param matches lines in the order of the files, those of context among them
 * @param truncated the search ended early, so there may be more
 */
public record GrepResult(String path, List<String> patterns, List<Line> matches, boolean truncated) {
    public GrepResult {
        patterns = List.copyOf(patterns);
        matches = List.copyOf(matches);
    }

    /**
     * A line of a file.
     *
     * @param lineNumber counted from 1
     * @param absoluteOffset of the line in its file, in bytes
     * @param lineText with the line terminator, cut at 4096 bytes
     * @param lineBytes the line's true length, with the line terminator
     * @param type {@code match} or {@code context}, which has no submatches
     */
    public record Line(
            String path,
            long lineNumber,
            long absoluteOffset,
            String lineText,
            long lineBytes,
            List<Submatch> submatches,
            String type) {}

    /** A part of a line that a pattern matches; {@code start} and {@code end} are bytes from the start of the line. */
    public record Submatch(String text, long start, long end) {}
}
