package io.contree.api;

import java.util.regex.Pattern;

/** {@code USER[:GROUP]}, as for docker's {@code --user}: each a name of the image or a number. Where USER is empty it is root. */
final class UserName {
    static final String SYNTAX =
            "USER or USER:GROUP, each a name or a number up to 2147483647, or \"\" where uid and gid say it";

    private static final Pattern FORM = Pattern.compile("[^:\\p{Cntrl}]{0,255}(:[^:\\p{Cntrl}]{0,255})?");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private UserName() {}

    static boolean isValid(String user) {
        return FORM.matcher(user).matches() && !user.equals(":") && fits(part(user, 0)) && fits(part(user, 1));
    }

    /** The number of the user, 0 for a name: only the image knows its number. */
    static int uid(String user) {
        return number(part(user, 0));
    }

    /** Likewise of the group. */
    static int gid(String user) {
        return number(part(user, 1));
    }

    private static String part(String user, int index) {
        String[] parts = user.split(":", 2);
        return index < parts.length ? parts[index] : "";
    }

    private static boolean fits(String part) {
        return !NUMBER.matcher(part).matches() || (part.length() <= 10 && Long.parseLong(part) <= Integer.MAX_VALUE);
    }

    private static int number(String part) {
        return NUMBER.matcher(part).matches() ? Integer.parseInt(part) : 0;
    }
}
