package io.contree.store.oci.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and when a request is retried.
 *
 * @param attempts in all, the first included
 * @param firstPause before the second attempt; doubles with each attempt, with jitter to spread clients
 * @param longestPause the longest that a Retry-After may ask for; beyond it, the response counts as final
 * @param answer how long the head of a response may take
 * @param stall how long a body may stay silent
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration longestPause, Duration answer, Duration stall) {
    public static final RetryPolicy DEFAULT = new RetryPolicy(
            5, Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(30));

    static boolean isTransient(int status) {
        return switch (status) {
            case 408, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /**
     * The pause after a failed attempt (the first is 1); empty if there should be no other.
     *
     * @param retryAfter what the registry asked for
     * @param left until the deadline: no pause outlasts it
     */
    Optional<Duration> pause(int attempt, Optional<Duration> retryAfter, Duration left) {
        if (attempt >= attempts) {
            return Optional.empty();
        }
        Duration pause = retryAfter.orElseGet(() -> backOff(attempt));
        return pause.compareTo(longestPause) > 0 || pause.compareTo(left) >= 0 ? Optional.empty() : Optional.of(pause);
    }

    /** What a Retry-After header asks for: seconds, or the time until a date; empty if it is neither. */
    static Optional<Duration> retryAfter(String header, Instant now) {
        String text = header.strip();
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
            return Optional.of(date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private Duration backOff(int attempt) {
        long millis = firstPause.toMillis() << Math.min(attempt - 1, 10);
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
    }
}
