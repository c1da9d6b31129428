package io.contree.server.http.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Whether and how a response is compressed: gzip, and only if the client asks for it. */
final class Compression {
    private static final int BUFFER = 8192;

    private Compression() {}

    /** Reads an {@code Accept-Encoding} header. */
    static boolean acceptsGzip(String header) {
        boolean any = false;
        for (String element : header.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = element.split(";");
            String coding = parts[0].strip();
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return !refused(parts);
            }
            any |= coding.equals("*") && !refused(parts);
        }
        return any;
    }

    private static boolean refused(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].strip().matches("q\\s*=\\s*0(\\.0*)?")) {
                return true;
            }
        }
        return false;
    }

    /** Flushing this stream sends all bytes so far to the client; closing it writes the trailer. */
    static OutputStream gzip(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, BUFFER, true);
    }
}
