package io.contree.engine.history;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of a lineage begins.
 *
 * @param skipped steps before it
 * @param until later steps are left out, so that what happens between two pages moves nothing
 */
public record LineagePosition(long skipped, Instant until) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,10}) (\\d{1,18})");

    public static LineagePosition start(Instant now) {
        return new LineagePosition(0, now);
    }

    LineagePosition after(int steps) {
        return new LineagePosition(skipped + steps, until);
    }

    /** The form that clients hand back. */
    String cursor() {
        String text = skipped + " " + ChronoUnit.MICROS.between(Instant.EPOCH, until);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Empty for what is no cursor. */
    public static Optional<LineagePosition> of(String cursor) {
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new LineagePosition(
                        Long.parseLong(form.group(1)),
                        Instant.EPOCH.plus(Long.parseLong(form.group(2)), ChronoUnit.MICROS)))
                : Optional.empty();
    }
}
