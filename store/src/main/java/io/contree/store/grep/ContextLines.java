package io.contree.store.grep;

import io.contree.linux.RawPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Passes on the lines of one file that match, and those around them, each once. */
final class ContextLines {
    private final GrepQuery query;
    private final Budget budget;
    private final RawPath path;
    private final Deque<GrepLine> before = new ArrayDeque<>();
    private int matches;
    private int afterLeft;

    ContextLines(GrepQuery query, Budget budget, RawPath path) {
        this.query = query;
        this.budget = budget;
        this.path = path;
    }

    /** Whether a further match of this file counts. */
    boolean wantsMatches() {
        return matches < query.maxCount();
    }

    /** Whether nothing that is left of this file can count. */
    boolean done() {
        return !wantsMatches() && afterLeft == 0;
    }

    /** Whether a line that does not match must be shown. */
    boolean wantsContext() {
        return afterLeft > 0 || (query.before() > 0 && wantsMatches());
    }

    void match(long number, long offset, String text, long bytes, List<GrepLine.Submatch> submatches) {
        before.forEach(budget::add);
        before.clear();
        budget.add(new GrepLine(path, number, offset, text, bytes, true, submatches));
        matches++;
        afterLeft = query.after();
    }

    void other(long number, long offset, String text, long bytes) {
        GrepLine line = new GrepLine(path, number, offset, text, bytes, false, List.of());
        if (afterLeft > 0) {
            afterLeft--;
            budget.add(line);
        } else if (query.before() > 0) {
            before.addLast(line);
            if (before.size() > query.before()) {
                before.removeFirst();
            }
        }
    }
}
