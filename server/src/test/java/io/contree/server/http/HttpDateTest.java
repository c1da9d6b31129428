package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.RawHttp;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HttpDateTest {
    @Test
    void aDateIsInGreenwichAndHasTwoDigitsForTheDay() {
        assertThat(HttpDate.of(Instant.parse("2026-11-01T01:02:03.5Z"))).isEqualTo("Sun, 01 Nov 2026 01:02:03 GMT");
    }

    @Test
    void everyAnswerHasOne() throws Exception {
        try (Fixture fixture = new Fixture()) {
            String date = "Date: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT";
            for (String line : new String[] {"GET /v1/inspect", "GET /v1/images", "GET /v1/nothing", "no http"}) {
                String answer = RawHttp.ask(fixture.server.uri(), line);
                assertThat(answer.lines().filter(header -> header.startsWith("Date:")))
                        .as(line)
                        .singleElement()
                        .asString()
                        .matches(date);
            }
        }
    }
}
