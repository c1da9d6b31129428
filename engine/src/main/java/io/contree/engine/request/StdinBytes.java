package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.Encoding;
import io.contree.api.ErrorCode;
import io.contree.api.Stdin;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The bytes of a standard input value: Base64, or text as UTF-8, which is what clients mean by {@code ascii}. */
public final class StdinBytes {
    private StdinBytes() {}

    /** INVALID_ARGUMENT if the value is not Base64 though it says so. */
    public static byte[] of(Stdin stdin) {
        if (stdin.encoding() == Encoding.ASCII) {
            return stdin.value().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(stdin.value());
        } catch (IllegalArgumentException e) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "stdin.value is not Base64, though stdin.encoding says so: " + e.getMessage());
        }
    }
}
