package io.contree.engine.operation;

import io.contree.api.LimitReached;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The limits that a run has met so far, whoever noticed. Safe for use by several threads. */
public final class MetLimits {
    private static final Comparator<LimitReached> ORDER =
            Comparator.comparing(LimitReached::limit).thenComparing(reached -> "stderr".equals(reached.stream()));

    private final List<LimitReached> met = new ArrayList<>();

    /** Replaces what was told of the same limit before. */
    public synchronized void add(LimitReached reached) {
        met.removeIf(
                earlier -> earlier.limit() == reached.limit() && Objects.equals(earlier.stream(), reached.stream()));
        met.add(reached);
    }

    public synchronized boolean has(LimitReached.Limit limit) {
        return met.stream().anyMatch(reached -> reached.limit() == limit);
    }

    /** In the order of their kinds, whenever they were met; standard output before standard error. */
    synchronized List<LimitReached> all() {
        return met.stream().sorted(ORDER).toList();
    }
}
