package io.contree.server.http.routes;

import io.contree.server.http.exchange.Query;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Points in time as {@code since} and {@code until} take them: an interval ({@code 15m}: that long ago), a number
 * (below {@value #FIRST_TIMESTAMP} seconds ago, else a Unix timestamp), a date, or a date and time, in this machine's
 * zone unless it names one.
 */
public final class TimeParameter {
    private static final long FIRST_TIMESTAMP = 1_000_000_000L;
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,30}(?:\\.\\d{1,30})?)([smhdw]?)");
    private static final Pattern DATE_TIME = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d)(?:[Tt ](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?)(?:(Z|z)|([ +-]\\d\\d:?\\d\\d))?)?");

    private final Clock clock;

    public TimeParameter(Clock clock) {
        this.clock = clock;
    }

    Optional<Instant> of(Query query, String name) {
        return query.given(name).map(value -> parse(name, value.strip()));
    }

    private Instant parse(String name, String value) {
        Matcher number = NUMBER.matcher(value);
        if (number.matches()) {
            return ofNumber(new BigDecimal(number.group(1)), number.group(2));
        }
        Matcher dateTime = DATE_TIME.matcher(value);
        try {
            if (dateTime.matches()) {
                return ofDateTime(dateTime);
            }
        } catch (DateTimeException e) {
            throw invalid(name, value);
        }
        throw invalid(name, value);
    }

    private Instant ofNumber(BigDecimal number, String unit) {
        if (unit.isEmpty() && number.compareTo(BigDecimal.valueOf(FIRST_TIMESTAMP)) >= 0) {
            return plusSeconds(Instant.EPOCH, number);
        }
        long seconds = switch (unit) {
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            case "w" -> 604_800;
            default -> 1;
        };
        BigDecimal ago = number.multiply(BigDecimal.valueOf(seconds));
        Instant now = clock.instant();
        boolean beforeTime = ago.compareTo(BigDecimal.valueOf(now.getEpochSecond())) > 0;
        return beforeTime ? Instant.EPOCH : plusSeconds(now, ago.negate());
    }

    private static Instant plusSeconds(Instant start, BigDecimal seconds) {
        if (seconds.compareTo(BigDecimal.valueOf(LAST.getEpochSecond())) > 0) {
            return LAST;
        }
        return start.plusNanos(seconds.movePointRight(9).longValue());
    }

    private Instant ofDateTime(Matcher matcher) {
        if (matcher.group(2) == null) {
            return LocalDate.parse(matcher.group(1))
                    .atStartOfDay(clock.getZone())
                    .toInstant();
        }
        String local = matcher.group(1) + "T" + matcher.group(2);
        if (matcher.group(3) != null) {
            return OffsetDateTime.parse(local + "Z").toInstant();
        }
        if (matcher.group(4) == null) {
            return LocalDateTime.parse(local).atZone(clock.getZone()).toInstant();
        }
        return OffsetDateTime.parse(local + offset(matcher.group(4))).toInstant();
    }

    /** A plus that arrived unescaped is a space by now. */
    private static String offset(String text) {
        String digits = text.substring(1).replace(":", "");
        char sign = text.charAt(0) == ' ' ? '+' : text.charAt(0);
        return sign + digits.substring(0, 2) + ":" + digits.substring(2);
    }

    private static RuntimeException invalid(String name, String value) {
        return Query.invalid(
                name,
                value,
                "an interval such as 15m, 2h or 1w (that long ago), a Unix timestamp, or a time such as"
                        + " 2026-01-02T03:04:05Z");
    }
}
