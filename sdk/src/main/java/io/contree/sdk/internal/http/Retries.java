package io.contree.sdk.internal.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A {@code RetryPolicy} that was checked, with the pauses that follow from it. */
public record Retries(int attempts, Duration firstPause, Duration longestPause) {
    /** The pause after so many attempts that failed. */
    public Duration pauseAfter(int failed) {
        long most = Math.min(longestPause.toNanos(), firstPause.toNanos() << Math.min(failed - 1, 20));
        return Duration.ofNanos(
                most - (long) (most / 2.0 * ThreadLocalRandom.current().nextDouble()));
    }
}
