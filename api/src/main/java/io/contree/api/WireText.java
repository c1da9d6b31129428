package io.contree.api;

/** Which strings can be arguments, names or bytes: {@code \ud800} alone is no character and would become another. */
final class WireText {
    static final String ALLOWED = "a string without NUL or lone surrogates";

    private WireText() {}

    static boolean isValid(String text) {
        return text.indexOf('\0') < 0 && isUnicode(text);
    }

    /** True if the text survives being written as UTF-8. */
    static boolean isUnicode(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
