package io.contree.store.grep;

import io.contree.linux.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Searches one file after another in constant memory. A line longer than a block is searched in overlapping windows: a
 * match longer than {@link #OVERLAP} may be shown shorter than it is. Used by one thread.
 */
final class FileSearch {
    static final int BLOCK = 1 << 20;
    static final int OVERLAP = 64 << 10;

    private static final int BYTE_ORDER_MARK = 3;

    /** How many submatches of one line are kept. */
    static final int MAX_SUBMATCHES = 1000;

    private final GrepQuery query;
    private final LineMatcher matcher;
    private final Budget budget;
    private final byte[] block = new byte[BLOCK];

    // The current file.
    private InputStream in = InputStream.nullInputStream();
    private ContextLines lines;
    private int filled;
    private boolean end;
    private boolean binary;
    private long blockOffset;
    private long lineNumber;

    FileSearch(GrepQuery query, LineMatcher matcher, Budget budget) {
        this.query = query;
        this.matcher = matcher;
        this.budget = budget;
        this.lines = new ContextLines(query, budget, RawPath.EMPTY);
    }

    /** Adds the lines of a file to what was found, or none if it is binary. Does not close the stream. */
    void search(RawPath path, InputStream file) throws IOException {
        in = file;
        lines = new ContextLines(query, budget, path);
        filled = 0;
        end = false;
        binary = false;
        blockOffset = 0;
        lineNumber = 0;
        int mark = budget.mark();
        try {
            searchBlocks();
        } finally {
            if (binary) {
                budget.forgetSince(mark);
            }
        }
    }

    private void searchBlocks() throws IOException {
        fill();
        if (startsWithByteOrderMark()) {
            drop(BYTE_ORDER_MARK);
            fill();
        }
        while (!binary && !lines.done() && filled > 0) {
            int used = searchLines();
            if (used == 0 && !lines.done()) {
                searchLongLine();
            } else {
                drop(used);
            }
            fill();
        }
    }

    /** Fills up the block. */
    private void fill() throws IOException {
        budget.checkTime();
        if (end) {
            return;
        }
        int read = in.readNBytes(block, filled, BLOCK - filled);
        for (int i = filled; i < filled + read && !binary; i++) {
            binary = block[i] == 0;
        }
        end = read < BLOCK - filled;
        filled += read;
    }

    /** The mark that some editors put in front of UTF-8 is not part of the first line: {@code ^} matches after it. */
    private boolean startsWithByteOrderMark() {
        return filled >= BYTE_ORDER_MARK
                && block[0] == (byte) 0xEF
                && block[1] == (byte) 0xBB
                && block[2] == (byte) 0xBF;
    }

    private void drop(int bytes) {
        System.arraycopy(block, bytes, block, 0, filled - bytes);
        filled -= bytes;
        blockOffset += bytes;
    }

    /** Searches the whole lines of the block; returns their length. */
    private int searchLines() {
        String text = new String(block, 0, filled, StandardCharsets.ISO_8859_1);
        LineMatcher.Candidates candidates = matcher.candidates(text);
        int start = 0;
        while (start < filled && !lines.done()) {
            int newline = text.indexOf('\n', start);
            if (newline < 0 && !end) {
                break;
            }
            int stop = newline < 0 ? filled : newline;
            int next = newline < 0 ? filled : newline + 1;
            lineNumber++;
            boolean possible = lines.wantsMatches() && candidates.within(start, stop);
            searchLine(start, stop, next, possible);
            start = next;
        }
        return start;
    }

    private void searchLine(int start, int stop, int next, boolean possible) {
        List<GrepLine.Submatch> submatches = List.of();
        if (possible) {
            LineText text = LineText.of(block, start, stop, budget);
            LineMatcher.Matches matches = matcher.matches(text, 0);
            if (matches.next()) {
                submatches = new ArrayList<>();
                do {
                    submatches.add(submatch(start, matches, 0));
                } while (submatches.size() < MAX_SUBMATCHES && matches.next());
            }
        }
        long offset = blockOffset + start;
        if (!submatches.isEmpty()) {
            lines.match(lineNumber, offset, text(start, next), next - start, submatches);
        } else if (lines.wantsContext()) {
            lines.other(lineNumber, offset, text(start, next), next - start);
        }
    }

    private GrepLine.Submatch submatch(int textStart, LineMatcher.Matches match, long textOffset) {
        return new GrepLine.Submatch(
                text(textStart + match.start(), textStart + match.end()),
                textOffset + match.start(),
                textOffset + match.end());
    }

    /** Raw bytes of the block, cut between two characters. */
    private String text(int start, int stop) {
        int cut = Math.min(stop, start + GrepLine.MAX_TEXT);
        for (int back = 0; cut < stop && back < 3 && Utf8.continues(block[cut]); back++) {
            cut--;
        }
        return new String(block, start, cut - start, StandardCharsets.ISO_8859_1);
    }

    /** Searches the line that starts the block but does not end in it; afterwards the block starts with the next. */
    private void searchLongLine() throws IOException {
        lineNumber++;
        long lineOffset = blockOffset;
        String head = text(0, filled);
        List<GrepLine.Submatch> submatches = new ArrayList<>();
        long from = 0;
        while (true) {
            int newline = newline();
            boolean last = newline >= 0 || end;
            int stop = newline >= 0 ? newline : filled;
            from = searchWindow(blockOffset - lineOffset, from, stop, last, submatches);
            if (last) {
                drop(newline >= 0 ? newline + 1 : filled);
                break;
            }
            drop(windowEnd(filled));
            fill();
            if (binary) {
                return;
            }
        }
        long length = blockOffset - lineOffset;
        if (!submatches.isEmpty()) {
            lines.match(lineNumber, lineOffset, head, length, submatches);
        } else if (lines.wantsContext()) {
            lines.other(lineNumber, lineOffset, head, length);
        }
    }

    private int newline() {
        for (int i = 0; i < filled; i++) {
            if (block[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Where the next window starts: before a character that is known to be whole. */
    private int windowEnd(int length) {
        int at = length - OVERLAP;
        for (int back = 0; back < 3 && Utf8.continues(block[at]); back++) {
            at--;
        }
        return at;
    }

    /**
     * Searches a part of a long line.
     *
     * @param base where in the line the block starts
     * @param from where in the line the search continues
     * @return where it continues in the next window
     */
    private long searchWindow(long base, long from, int stop, boolean last, List<GrepLine.Submatch> found) {
        // The next window is searched from its second byte on, so that it does not seem to start the line.
        int limit = last ? Integer.MAX_VALUE : windowEnd(stop) + 1;
        if (!lines.wantsMatches() || found.size() == MAX_SUBMATCHES || !mayMatch(stop)) {
            return base + limit;
        }
        LineText text = LineText.of(block, 0, stop, budget);
        LineMatcher.Matches matches = matcher.matches(text, text.index((int) Math.max(0, from - base)));
        long next = base + limit;
        while (found.size() < MAX_SUBMATCHES && matches.next() && matches.start() < limit) {
            found.add(submatch(0, matches, base));
            next = Math.max(base + limit, base + matches.end());
        }
        return next;
    }

    private boolean mayMatch(int stop) {
        String text = new String(block, 0, stop, StandardCharsets.ISO_8859_1);
        return matcher.candidates(text).within(0, stop);
    }
}
