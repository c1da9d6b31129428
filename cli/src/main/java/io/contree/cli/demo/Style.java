package io.contree.cli.demo;

/** Emphasis on a terminal; plain text elsewhere. */
enum Style {
    PLAIN,
    COLOURED;

    /** Colours for a person who has not asked for none (no-color.org). */
    static Style of(boolean interactive) {
        String refused = System.getenv("NO_COLOR");
        return interactive && (refused == null || refused.isEmpty()) ? COLOURED : PLAIN;
    }

    String strong(String text) {
        return wrap("1", text);
    }

    String faint(String text) {
        return wrap("2", text);
    }

    String good(String text) {
        return wrap("32", text);
    }

    String bad(String text) {
        return wrap("31;1", text);
    }

    String name(String text) {
        return wrap("36", text);
    }

    private String wrap(String code, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
