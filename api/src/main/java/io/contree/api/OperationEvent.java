package io.contree.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an operation's log; openapi.yaml has the data of each type.
 *
 * @param id strictly increasing from 0 within the operation
 * @param spid 0 the sandbox itself, 1 the main process, 2 and up subprocesses; left out on {@code completion}
 * @param type as on the wire: a newer server may have others than an {@link EventType}
 * @param data JSON values; null only where openapi.yaml says so
 */
public record OperationEvent(
        long id, Instant ts, @Nullable Integer spid, String type, Map<String, @Nullable Object> data) {
    /** Its type, if this version knows it. */
    public EventType eventType() {
        return EventType.of(type);
    }

    /**
     * What an event of a stream carries.
     *
     * @throws IllegalArgumentException if it is not Base64 although it says so
     */
    public byte[] bytes() {
        boolean base64 = Encoding.BASE64.wire().equals(data.get("encoding"));
        return (base64 ? Encoding.BASE64 : Encoding.ASCII).decode(String.valueOf(data.getOrDefault("value", "")));
    }
}
