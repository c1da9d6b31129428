package io.contree.api;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name of the state so many steps before another one: {@code ubuntu:latest~3}, or {@code ~} alone for one step.
 *
 * @param base a tag or UUID
 */
public record StepsBack(String base, int steps) {
    /** The rule, for messages. */
    public static final String SYNTAX = "a number of steps back, 0 to 100000, behind the ~";

    private static final char BACK = '~';
    private static final int MOST = 100_000;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

    /** Whether a name is meant as one of these, well formed or not. */
    public static boolean isIn(String name) {
        return name.indexOf(BACK) >= 0;
    }

    /** Empty if the name is none of these. */
    public static Optional<StepsBack> parse(String name) {
        if (!isIn(name)) {
            return Optional.empty();
        }
        String base = name.substring(0, name.indexOf(BACK));
        String number = name.substring(base.length() + 1);
        if (number.isEmpty()) {
            return Optional.of(new StepsBack(base, 1));
        }
        return NUMBER.matcher(number).matches() && Integer.parseInt(number) <= MOST
                ? Optional.of(new StepsBack(base, Integer.parseInt(number)))
                : Optional.empty();
    }
}
