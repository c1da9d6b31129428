package io.contree.server.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} of an answer, as RFC 9110 has it. The web server's own is in this machine's zone. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    static String now() {
        return of(Instant.now());
    }

    static String of(Instant instant) {
        return FORMAT.format(instant);
    }
}
