package io.contree.sdk.internal.nio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;

/** Names of files, which are bytes, as text and back without loss: a byte that is not UTF-8 is a lone U+DC80 to U+DCFF. */
public final class RawNames {
    private static final char ESCAPE = 0xDC00;
    private static final char FIRST_ESCAPED = 0xDC80;
    private static final char LAST_ESCAPED = 0xDCFF;
    private static final String UNRESERVED = "-._~/";
    private static final String HEX = "0123456789ABCDEF";

    private RawNames() {}

    public static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE + (in.get() & 0xFF)));
            }
            decoder.reset();
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }

    public static byte[] encode(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(name.length());
        int at = 0;
        while (at < name.length()) {
            int code = name.codePointAt(at);
            if (code >= FIRST_ESCAPED && code <= LAST_ESCAPED) {
                out.write(code - ESCAPE);
            } else {
                out.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
            }
            at += Character.charCount(code);
        }
        return out.toByteArray();
    }

    /** The bytes of a path, with what a URI cannot hold as {@code %XX}; slashes stay. */
    public static String percent(String path) {
        StringBuilder out = new StringBuilder(path.length() + 8);
        for (byte b : encode(path)) {
            int c = b & 0xFF;
            if (c < 0x80 && (isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                out.append((char) c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return out.toString();
    }

    /** The path that {@link #percent} wrote. */
    public static String ofPercent(String encoded) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%' && i + 2 < encoded.length()) {
                out.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return decode(out.toByteArray());
    }

    /** @throws InvalidPathException for what cannot be the name of a file */
    public static String checked(String text) {
        int at = 0;
        while (at < text.length()) {
            int code = text.codePointAt(at);
            if (code == 0) {
                throw new InvalidPathException(text, "a path cannot hold a NUL", at);
            }
            boolean lone = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
            if (lone && (code < FIRST_ESCAPED || code > LAST_ESCAPED)) {
                throw new InvalidPathException(text, "half of a surrogate pair", at);
            }
            at += Character.charCount(code);
        }
        return text;
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
