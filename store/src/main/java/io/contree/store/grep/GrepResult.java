package io.contree.store.grep;

import java.util.List;

/**
 * What was found, in the order of files and lines.
 *
 * @param truncated the search ended early: there are more matches than asked for, or its time or memory was used up
 */
public record GrepResult(List<GrepLine> lines, boolean truncated) {
    public GrepResult {
        lines = List.copyOf(lines);
    }
}
