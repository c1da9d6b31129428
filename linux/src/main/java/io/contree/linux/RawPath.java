package io.contree.linux;

import java.nio.charset.StandardCharsets;

/** Conversions between text and <em>raw</em> names: strings with one byte per char, as {@code package-info} defines. */
public final class RawPath {
    private RawPath() {}

    /** The raw form of text: its UTF-8 bytes, one per char. */
    public static String fromText(String text) {
        return ofBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The text of a raw name; bytes that are not UTF-8 become U+FFFD, so this is for people and JSON, not for look-ups. */
    public static String toText(String raw) {
        return new String(bytes(raw), StandardCharsets.UTF_8);
    }

    /** The raw form of bytes. */
    public static String ofBytes(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The bytes of a raw name. */
    public static byte[] bytes(String raw) {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }
}
