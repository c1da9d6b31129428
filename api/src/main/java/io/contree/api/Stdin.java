package io.contree.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Standard input of a process.
 *
 * @param value text, or Base64 when {@code encoding} says so
 * @param encoding {@code ascii} (read as UTF-8: clients label any text so) or {@code base64}
 * @param close whether it ends after the value; with false the stdin endpoint goes on with it
 */
public record Stdin(String value, Encoding encoding, boolean close) {
    /** Empty and closed. */
    public static final Stdin EMPTY = new Stdin("", Encoding.ASCII, true);

    /** Null stands for what the protocol has as default. */
    public static Stdin of(@Nullable String value, @Nullable Encoding encoding, @Nullable Boolean close) {
        return new Stdin(
                value == null ? "" : value, encoding == null ? Encoding.ASCII : encoding, close == null || close);
    }

    /**
     * What the process reads.
     *
     * @throws IllegalArgumentException if the value is not Base64 although it says so
     */
    public byte[] bytes() {
        return encoding == Encoding.BASE64 ? Base64.getDecoder().decode(value) : value.getBytes(StandardCharsets.UTF_8);
    }
}
