package io.contree.store.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

    @ParameterizedTest
    @CsvSource({
        "7, PT7S",
        "' 0 ', PT0S",
        "'Sun, 06 Nov 1994 08:49:37 GMT', PT37S",
        "'Sun, 6 Nov 1994 08:49:37 GMT', PT37S",
        "'Sat, 05 Nov 1994 08:49:37 GMT', PT0S"
    })
    void aPauseIsAskedForInSecondsOrAsADate(String header, Duration pause) {
        assertThat(RetryPolicy.retryAfter(header, NOW)).contains(pause);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "soon", "99999999999", "1.5", "Mon, 06 Nov 1994 08:49:37 GMT"})
    void whatIsNeitherAsksForNothing(String header) {
        assertThat(RetryPolicy.retryAfter(header, NOW)).isEmpty();
    }

    @Test
    void aDateFarAwayIsAnAnswer() {
        var asked = RetryPolicy.retryAfter("Mon, 07 Nov 1994 08:49:00 GMT", NOW);
        assertThat(RetryPolicy.DEFAULT.pause(1, asked, Duration.ofDays(2))).isEmpty();
    }
}
