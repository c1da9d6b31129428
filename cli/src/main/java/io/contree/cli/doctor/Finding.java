package io.contree.cli.doctor;

/**
 * What one check found.
 *
 * @param subject what was looked at
 * @param detail what is there, or what is wrong
 * @param remedy what to do; empty if nothing
 */
public record Finding(String subject, Level level, String detail, String remedy) {
    /** How much of a problem it is. */
    public enum Level {
        OK,
        /** Runs work, with less than they could have. */
        LIMITED,
        /** No run is possible. */
        MISSING
    }

    static Finding ok(String subject, String detail) {
        return new Finding(subject, Level.OK, detail, "");
    }

    static Finding limited(String subject, String detail, String remedy) {
        return new Finding(subject, Level.LIMITED, detail, remedy);
    }

    static Finding missing(String subject, String detail, String remedy) {
        return new Finding(subject, Level.MISSING, detail, remedy);
    }
}
