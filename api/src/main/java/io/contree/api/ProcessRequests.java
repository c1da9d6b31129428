package io.contree.api;

import java.util.SortedMap;

/** Reads what clients send for a process; the main one of a run has the same fields among its own. */
final class ProcessRequests {
    private static final int DEFAULT_TRUNCATION = 1 << 20;
    private static final int MAX_TRUNCATION = 10 << 20;

    private ProcessRequests() {}

    static ProcessRequest parse(JsonFields fields) {
        return new ProcessRequest(
                fields.requiredString("command"),
                fields.strings("args"),
                fields.flag("shell", false),
                env(fields),
                cwd(fields),
                id(fields, "uid"),
                id(fields, "gid"),
                fields.object("stdin").map(Stdins::parse).orElse(Stdin.EMPTY),
                (int) fields.capped("truncate_output_at", 0, MAX_TRUNCATION, DEFAULT_TRUNCATION));
    }

    private static SortedMap<String, String> env(JsonFields fields) {
        return fields.map("env", (name, value) -> {
            String at = fields.at("env") + "." + name;
            if (name.isEmpty() || name.indexOf('=') >= 0 || !WireText.isValid(name)) {
                throw JsonFields.invalid(at, "named so", "a name without '=' and NUL");
            }
            if (value == null) {
                return "";
            }
            // The value may be a secret, so it is not shown.
            if (!value.isString() || !WireText.isValid(value.stringValue())) {
                throw JsonFields.invalid(at, "of another type", WireText.ALLOWED + ", or null");
            }
            return value.stringValue();
        });
    }

    private static String cwd(JsonFields fields) {
        String cwd = fields.string("cwd").orElse("");
        if (!cwd.isEmpty() && (!cwd.startsWith("/") || cwd.length() > DestinationPath.MAX_LENGTH)) {
            throw fields.invalid("cwd", "an absolute path of at most 4095 bytes, or \"\" for the image's own");
        }
        return cwd;
    }

    /** A user or group. */
    static int id(JsonFields fields, String name) {
        return (int) fields.number(name, 0, Integer.MAX_VALUE, 0);
    }
}
