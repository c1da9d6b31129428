package io.contree.api;

import java.util.SortedMap;

/** Reads what clients send for a process; the main one of a run has the same fields among its own. */
final class ProcessRequests {
    private ProcessRequests() {}

    static ProcessRequest parse(JsonFields fields) {
        return new ProcessRequest(
                fields.requiredString("command"),
                fields.strings("args"),
                fields.flag("shell", false),
                env(fields),
                fields.string("cwd").orElse(""),
                id(fields, "uid"),
                id(fields, "gid"),
                fields.object("stdin").map(Stdins::parse).orElse(Stdin.EMPTY),
                (int) fields.capped("truncate_output_at", 0, Integer.MAX_VALUE, ProcessRequest.DEFAULT_TRUNCATION));
    }

    private static SortedMap<String, String> env(JsonFields fields) {
        return fields.map("env", (name, value) -> {
            if (value != null && !value.isString()) {
                throw JsonFields.invalid("env." + name, "of another type", WireText.ALLOWED + ", or null");
            }
            return value == null ? "" : value.stringValue();
        });
    }

    /** A user or group. */
    static int id(JsonFields fields, String name) {
        return (int) fields.number(name, 0, Integer.MAX_VALUE, 0);
    }
}
