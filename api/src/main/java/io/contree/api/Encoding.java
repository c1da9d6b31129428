package io.contree.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How bytes are written in JSON. */
public enum Encoding {
    ASCII,
    BASE64;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return WireName.of(this);
    }

    /**
     * The bytes of a text; of {@link #ASCII} as UTF-8, since clients label any text so.
     *
     * @throws IllegalArgumentException if the text is not Base64 although it should be
     */
    public byte[] decode(String text) {
        return this == BASE64 ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8);
    }
}
