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

    static final String BROKEN = "not Base64";
    static final String BASE64 = "Base64, as 'encoding' says";

    /** @throws ContreeException INVALID_ARGUMENT if the value is not Base64 although it says so */
    public Stdin {
        if (encoding == Encoding.BASE64) {
            try {
                Base64.getDecoder().decode(value);
            } catch (IllegalArgumentException e) {
                throw JsonFields.invalid("stdin.value", BROKEN, BASE64);
            }
        }
    }

    /** Null stands for what the protocol has as default. */
    public static Stdin of(@Nullable String value, @Nullable Encoding encoding, @Nullable Boolean close) {
        return new Stdin(
                value == null ? "" : value, encoding == null ? Encoding.ASCII : encoding, close == null || close);
    }

    /** What the process reads. */
    public byte[] bytes() {
        return encoding == Encoding.BASE64 ? Base64.getDecoder().decode(value) : value.getBytes(StandardCharsets.UTF_8);
    }
}
