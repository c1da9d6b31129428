package io.contree.engine;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one project may do, within what the server may; empty: no limit of its own. Timeouts are in seconds, concurrency
 * counts operations at the same time; all are 1 or more.
 */
public record ProjectLimits(
        Optional<Integer> instanceMaxTimeout,
        Optional<Integer> instanceMaxConcurrency,
        Optional<Integer> importMaxTimeout,
        Optional<Integer> importMaxConcurrency) {
    public static final ProjectLimits NONE =
            new ProjectLimits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public ProjectLimits {
        if (Stream.of(instanceMaxTimeout, instanceMaxConcurrency, importMaxTimeout, importMaxConcurrency)
                .flatMap(Optional::stream)
                .anyMatch(limit -> limit < 1)) {
            throw new IllegalArgumentException("a project's limits must be 1 or more");
        }
    }
}
