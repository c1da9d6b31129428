package io.contree.catalog;

import java.util.Locale;

/**
 * What a power cut may take back of what was confirmed. A killed process takes back nothing in either case, and what is left is
 * always the catalog of one earlier moment.
 */
public enum Durability {
    /** Nothing. */
    STRICT,
    /**
     * Operations that were accepted or ended in the last moments, and the images that only they reached. Everything else, such as a
     * tag, an upload, a token or a removal, is on disk when it is confirmed, and with it all that was confirmed before.
     */
    RELAXED;

    /**
     * The one of a name.
     *
     * @throws IllegalArgumentException for another name
     */
    public static Durability parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
