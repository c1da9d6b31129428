package io.contree.engine;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one project may do, within what the server may; empty: no limit of its own. Timeouts are in seconds, concurrency
 * counts operations at the same time; all are 1 or more.
 *
 * @param weight of its turns among those of other projects, where work waits
 */
public record ProjectLimits(
        Optional<Integer> instanceMaxTimeout,
        Optional<Integer> instanceMaxConcurrency,
        Optional<Integer> importMaxTimeout,
        Optional<Integer> importMaxConcurrency,
        int weight) {
    /** What a project or token has unless somebody says otherwise. */
    public static final int USUAL_WEIGHT = 1;

    public static final int MOST_WEIGHT = 100;

    public static final ProjectLimits NONE =
            new ProjectLimits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), USUAL_WEIGHT);

    public ProjectLimits {
        if (Stream.of(instanceMaxTimeout, instanceMaxConcurrency, importMaxTimeout, importMaxConcurrency)
                .flatMap(Optional::stream)
                .anyMatch(limit -> limit < 1)) {
            throw new IllegalArgumentException("a project's limits must be 1 or more");
        }
        checkWeight(weight);
    }

    /** @throws IllegalArgumentException for a weight that neither a project nor a token can have */
    static void checkWeight(int weight) {
        if (weight < 1 || weight > MOST_WEIGHT) {
            throw new IllegalArgumentException("a weight is from 1 to " + MOST_WEIGHT + ", and not " + weight);
        }
    }
}
