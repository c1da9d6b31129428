package io.contree.store.grep;

/** UTF-8 in the strict form of RFC 3629: no overlong forms, no surrogates. */
final class Utf8 {
    private Utf8() {}

    /** The bytes of the character that starts here, or 0 if none does. */
    static int length(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xFF;
        int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > end) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if (!continues(bytes[at + i])) {
                return 0;
            }
        }
        int codePoint = codePoint(bytes, at, length);
        boolean overlong = (length == 3 && codePoint < 0x800) || (length == 4 && codePoint < 0x10000);
        boolean surrogate = codePoint >= 0xD800 && codePoint < 0xE000;
        return overlong || surrogate || codePoint > Character.MAX_CODE_POINT ? 0 : length;
    }

    static int codePoint(byte[] bytes, int at, int length) {
        if (length == 1) {
            return bytes[at];
        }
        int value = bytes[at] & (0xFF >> (length + 1));
        for (int i = 1; i < length; i++) {
            value = (value << 6) | (bytes[at + i] & 0x3F);
        }
        return value;
    }

    static boolean continues(byte value) {
        return (value & 0xC0) == 0x80;
    }
}
