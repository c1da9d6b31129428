package io.contree.sdk.internal.http;

import io.contree.api.ContreeException;
import io.contree.api.Json;
import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import org.jspecify.annotations.Nullable;

/** JSON of the server, where what cannot be read is the server's fault. */
public final class Wire {
    private Wire() {}

    /** @throws InternalException if the bytes are not the JSON that was expected */
    public static <T> T read(String action, byte[] json, Class<T> type) {
        @Nullable T value;
        try {
            value = Json.read(json, type);
        } catch (ContreeException e) {
            throw new InternalException(
                    Kind.ANSWER,
                    "could not " + action + ": the server's answer is not what this client understands ("
                            + e.getMessage() + "); is it a contree server of this version?",
                    e);
        }
        if (!Completeness.isComplete(value)) {
            throw new InternalException(
                    Kind.ANSWER,
                    "could not " + action
                            + ": the server's answer lacks what every server of this protocol says; is it a contree server?");
        }
        return value;
    }

    public static byte[] write(Object value) {
        return Json.bytes(value);
    }
}
