package io.contree.cli.demo;

import java.util.UUID;

/** Short forms for drawings. */
final class Names {
    private static final int SHORT = 8;

    private Names() {}

    /** The first digits of a UUID, enough to tell the states of one story apart. */
    static String of(UUID uuid) {
        return uuid.toString().substring(0, SHORT);
    }
}
