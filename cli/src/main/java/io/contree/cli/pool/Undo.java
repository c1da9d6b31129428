package io.contree.cli.pool;

import java.util.ArrayDeque;
import java.util.Deque;

/** What takes back the steps that were done, if a later one fails. */
final class Undo {
    interface Step {
        void run() throws Exception;
    }

    private final Deque<Step> steps = new ArrayDeque<>();

    /** Steps are taken back in the opposite order. */
    void add(Step step) {
        steps.push(step);
    }

    /** Takes back all that can be; what cannot is said beside the failure. */
    PoolException after(PoolException failure) {
        StringBuilder left = new StringBuilder();
        for (Step step : steps) {
            try {
                step.run();
            } catch (Exception e) {
                failure.addSuppressed(e);
                left.append("; then ").append(e.getMessage());
            }
        }
        if (left.isEmpty()) {
            return failure;
        }
        PoolException both = new PoolException(failure.getMessage() + left);
        both.addSuppressed(failure);
        return both;
    }
}
