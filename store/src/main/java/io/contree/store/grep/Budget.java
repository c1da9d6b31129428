package io.contree.store.grep;

import io.contree.linux.TimeSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How far one search may go, and what it has found. Used by one thread. */
final class Budget {
    /** What all lines of an answer may weigh, in bytes. */
    static final long MAX_WEIGHT = 16L << 20;

    private final TimeSlice slice = new TimeSlice();
    private final long end;
    private final int maxTotal;
    private final List<GrepLine> found = new ArrayList<>();
    private int matches;
    private long weight;

    Budget(Duration time, int maxTotal) {
        this.end = System.nanoTime() + time.toNanos();
        this.maxTotal = maxTotal;
    }

    void checkTime() {
        if (System.nanoTime() - end > 0) {
            throw new SearchEndedException("its time is used up");
        }
        slice.yieldWhenUsedUp();
    }

    /** Keeps a line, unless the answer is full. */
    void add(GrepLine line) {
        if (line.match() && matches == maxTotal) {
            throw new SearchEndedException("there are more matches than asked for");
        }
        weight += line.weight();
        if (weight > MAX_WEIGHT) {
            throw new SearchEndedException("the answer is too large");
        }
        matches += line.match() ? 1 : 0;
        found.add(line);
    }

    /** What {@link #forgetSince} goes back to. */
    int mark() {
        return found.size();
    }

    void forgetSince(int mark) {
        List<GrepLine> forgotten = found.subList(mark, found.size());
        for (GrepLine line : forgotten) {
            matches -= line.match() ? 1 : 0;
            weight -= line.weight();
        }
        forgotten.clear();
    }

    GrepResult result(boolean truncated) {
        return new GrepResult(found, truncated);
    }
}
