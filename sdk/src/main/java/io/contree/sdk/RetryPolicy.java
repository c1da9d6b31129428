package io.contree.sdk;

import java.time.Duration;

/**
 * How often a request is sent again, and a broken event stream resumed, where that is safe, and after what pauses.
 * Each pause is twice the one before, up to the longest, and cut by up to a half at random, so that many clients do not
 * come back at once. A longer pause that the server asks for ({@code Retry-After}) is respected.
 *
 * @param attempts in all, including the first; 1 for no repetition
 * @param firstPause after the first attempt
 * @param longestPause also the longest that the server may ask for; if it asks for more the call fails at once
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration longestPause) {
    /** Six attempts, with pauses from 0.1 to 5 seconds. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(6, Duration.ofMillis(100), Duration.ofSeconds(5));

    /** Each request is sent once. */
    public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO, Duration.ZERO);

    public RetryPolicy {
        if (attempts < 1 || firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new ConfigurationException(
                    "a retry policy needs one attempt at least and pauses that do not shrink, and is " + attempts
                            + " attempts with pauses from " + firstPause + " to " + longestPause);
        }
    }
}
