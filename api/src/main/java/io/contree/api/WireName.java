package io.contree.api;

import java.util.Locale;

/** Enum constants on the wire: their names in lower case. */
final class WireName {
    private WireName() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** @param unknown for a name that this version does not know */
    static <E extends Enum<E>> E read(Class<E> type, String wire, E unknown) {
        try {
            E constant = Enum.valueOf(type, wire.toUpperCase(Locale.ROOT));
            return of(constant).equals(wire) ? constant : unknown;
        } catch (IllegalArgumentException e) {
            return unknown;
        }
    }
}
