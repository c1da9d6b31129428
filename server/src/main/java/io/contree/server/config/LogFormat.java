package io.contree.server.config;

import java.util.Locale;

/** How log lines look. */
public enum LogFormat {
    TEXT,
    JSON;

    /**
     * The format of a name.
     *
     * @throws IllegalArgumentException for another name
     */
    public static LogFormat parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
