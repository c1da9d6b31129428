package io.contree.api;

import java.util.regex.Pattern;

/** Permission bits, from {@code "0644"}, {@code "644"}, {@code "0o644"}, a whole st_mode in octal, or a number. */
final class FileModes {
    private static final int DEFAULT = 0644;
    private static final int MAX_ST_MODE = 0177777;
    private static final String ALLOWED = "octal permission bits such as \"0644\", or their number";
    private static final Pattern OCTAL = Pattern.compile("(0[oO])?[0-7]{1,7}");

    private FileModes() {}

    static int parse(JsonFields file) {
        var node = file.get("mode");
        if (node == null) {
            return DEFAULT;
        }
        int mode = node.isString() ? octal(file, node.stringValue()) : (int) file.number("mode", 0, MAX_ST_MODE, 0);
        if (mode > MAX_ST_MODE) {
            throw file.invalid("mode", ALLOWED);
        }
        return mode & 07777;
    }

    private static int octal(JsonFields file, String text) {
        if (!OCTAL.matcher(text).matches()) {
            throw file.invalid("mode", ALLOWED);
        }
        return Integer.parseInt(text.replaceFirst("^0[oO]", ""), 8);
    }
}
