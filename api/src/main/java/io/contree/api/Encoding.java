package io.contree.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How bytes are written in JSON. */
public enum Encoding {
    ASCII("ascii"),
    BASE64("base64");

    private final String wire;

    Encoding(String wire) {
        this.wire = wire;
    }

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return wire;
    }
}
