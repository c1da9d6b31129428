package io.contree.server.http.exchange;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-decoding to raw strings, one char per byte. */
final class Percent {
    private Percent() {}

    /**
     * Decodes.
     *
     * @param form whether {@code +} is a space
     */
    static String decode(String text, boolean form) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                out.write(hex(in, i + 1, text) << 4 | hex(in, i + 2, text));
                i += 2;
            } else {
                out.write(form && in[i] == '+' ? ' ' : in[i]);
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static int hex(byte[] in, int at, String text) {
        int digit = at < in.length ? Character.digit(in[at], 16) : -1;
        if (digit < 0) {
            String shown = text.length() <= 80 ? text : text.substring(0, 80) + "…";
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + shown + "' in the address has a '%' without two hexadecimal digits; send '%' as %25");
        }
        return digit;
    }
}
