package io.contree.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** What an operation does. */
public enum OperationKind {
    INSTANCE("instance"),
    IMAGE_IMPORT("image_import");

    private final String wire;

    OperationKind(String wire) {
        this.wire = wire;
    }

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return wire;
    }
}
