package io.contree.cli.terminal;

/** Emphasis on a terminal; plain text elsewhere. */
public enum Style {
    PLAIN,
    COLOURED;

    /** Colours for a person who has not asked for none (no-color.org). */
    public static Style of(boolean interactive) {
        String refused = System.getenv("NO_COLOR");
        return interactive && (refused == null || refused.isEmpty()) ? COLOURED : PLAIN;
    }

    public String strong(String text) {
        return wrap("1", text);
    }

    public String faint(String text) {
        return wrap("2", text);
    }

    public String good(String text) {
        return wrap("32", text);
    }

    public String bad(String text) {
        return wrap("31;1", text);
    }

    public String name(String text) {
        return wrap("36", text);
    }

    private String wrap(String code, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
