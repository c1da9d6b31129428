package io.contree.api;

/** Which strings of JSON can be arguments, names or bytes: {@code \ud800} alone is no character and would become another. */
final class WireText {
    static final String ALLOWED = "a string without NUL or lone surrogates";

    private WireText() {}

    static boolean isValid(String text) {
        return text.indexOf('\0') < 0 && isUnicode(text);
    }

    /** True if the text is what its UTF-8 form says. */
    static boolean isUnicode(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
