package io.contree.sdk.internal.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Bodies that come compressed although this client does not ask for it, as the hosted service sends them. */
final class Encodings {
    private Encodings() {}

    static boolean isPlain(HttpHeaders headers) {
        return of(headers).equals("identity");
    }

    /**
     * The body as it was before it was compressed; its end is an error if the compressed form breaks off.
     *
     * @throws IOException if it is compressed in a way that this client does not know, or broken from the start
     */
    static InputStream decoded(HttpHeaders headers, InputStream body) throws IOException {
        return switch (of(headers)) {
            case "identity" -> body;
            case "gzip", "x-gzip" -> new GZIPInputStream(body, 16 * 1024);
            default -> throw new ZipException("the body is compressed as " + of(headers) + ", which nobody asked for");
        };
    }

    /** As {@link #decoded(HttpHeaders, InputStream)}, of a body that is all there. */
    static byte[] decoded(HttpHeaders headers, byte[] body, int limit) throws IOException {
        if (isPlain(headers) || body.length == 0) {
            return body;
        }
        try (InputStream plain = decoded(headers, new ByteArrayInputStream(body))) {
            byte[] bytes = plain.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new TooLongException(limit);
            }
            return bytes;
        }
    }

    private static String of(HttpHeaders headers) {
        return headers.firstValue("Content-Encoding").orElse("identity").strip().toLowerCase(Locale.ROOT);
    }
}
