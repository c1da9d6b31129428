package io.contree.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Bytes in JSON: {@code ascii} if all are printable (32 to 126) or tab, line feed, carriage return, else Base64.
 *
 * @param truncated whether bytes were dropped at the end
 */
public record StreamRepr(String value, Encoding encoding, boolean truncated) {
    /** Bytes in the form that fits them. */
    public static StreamRepr of(byte[] bytes, boolean truncated) {
        for (byte b : bytes) {
            if ((b < 32 || b > 126) && b != '\t' && b != '\n' && b != '\r') {
                return new StreamRepr(Base64.getEncoder().encodeToString(bytes), Encoding.BASE64, truncated);
            }
        }
        return new StreamRepr(new String(bytes, StandardCharsets.US_ASCII), Encoding.ASCII, truncated);
    }
}
