package io.contree.server.http.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.server.http.exchange.Query;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeParameterTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private final TimeParameter times = new TimeParameter(Clock.fixed(NOW, ZoneOffset.ofHours(2)));

    private Instant parse(String query) {
        return times.of(new Query("since=" + query), "since").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "3600, 2026-03-01T11:00:00Z",
        "0.5, 2026-03-01T11:59:59.5Z",
        "999999999, 1994-06-23T10:13:21Z",
        "1000000000, 2001-09-09T01:46:40Z",
        "1767225600.25, 2026-01-01T00:00:00.25Z",
        "600s, 2026-03-01T11:50:00Z",
        "15m, 2026-03-01T11:45:00Z",
        "1h, 2026-03-01T11:00:00Z",
        "1.5h, 2026-03-01T10:30:00Z",
        "1d, 2026-02-28T12:00:00Z",
        "1w, 2026-02-22T12:00:00Z",
        "99999999999w, 1970-01-01T00:00:00Z",
        "99999999999999999999, 9999-12-31T00:00:00Z",
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.123456Z, 2026-01-02T03:04:05.123456Z",
        "2026-01-02T03:04:05%2B00:00, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05+01:00, 2026-01-02T02:04:05Z",
        "2026-01-02T03:04:05-0130, 2026-01-02T04:34:05Z",
        "2026-01-02T03:04:05.5, 2026-01-02T01:04:05.5Z",
        "2026-01-02T03:04, 2026-01-02T01:04:00Z",
        "2026-01-02+03:04:05, 2026-01-02T01:04:05Z",
        "2026-01-02, 2026-01-01T22:00:00Z"
    })
    void everyForm(String given, Instant expected) {
        assertThat(parse(given)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "-5", "5y", "1e3", "2026-13-01", "2026-01-02T25:00:00Z", "NaN", "2026-01-02Z"})
    void anythingElseIsRefused(String given) {
        assertThatThrownBy(() -> parse(given))
                .isInstanceOf(ContreeException.class)
                .hasMessageStartingWith("parameter 'since' is '" + given + "'; allowed is an interval such as 15m");
    }

    @Test
    void absentAndEmptyAreNone() {
        assertThat(times.of(new Query(""), "since")).isEmpty();
        assertThat(times.of(new Query("since="), "since")).isEmpty();
    }
}
