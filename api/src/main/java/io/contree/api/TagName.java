package io.contree.api;

import java.util.regex.Pattern;

/** The names that tags may have. */
public final class TagName {
    /** The rule, for messages. */
    public static final String SYNTAX =
            "a tag such as ubuntu:latest: letters, digits, '_' and '-' in groups joined by one of"
                    + " ':', '/' and '.', starting with a letter or digit, up to 256 characters";

    /** Possessive, so that a hostile name costs no more than its length. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*+(?:[:/.][A-Za-z0-9_-]++)*+");

    private TagName() {}

    public static boolean isValid(String name) {
        return name.length() <= 256 && NAME.matcher(name).matches();
    }

    /**
     * The name, if it is valid.
     *
     * @throws ContreeException INVALID_ARGUMENT
     */
    public static String require(String name) {
        if (!isValid(name)) {
            String shown = name.length() <= 80 ? name : name.substring(0, 80) + "…";
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT, "'" + shown + "' is not a tag; allowed is " + SYNTAX);
        }
        return name;
    }
}
