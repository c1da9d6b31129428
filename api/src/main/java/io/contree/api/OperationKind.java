package io.contree.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** What an operation does. */
public enum OperationKind {
    INSTANCE,
    IMAGE_IMPORT;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return WireName.of(this);
    }
}
