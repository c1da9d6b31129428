package io.contree.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an operation's log; openapi.yaml has the data of each type.
 *
 * @param id strictly increasing from 0 within the operation
 * @param spid 0 the sandbox itself, 1 the main process, 2 and up subprocesses; left out on {@code completion}
 * @param type as on the wire, since a newer server may send types that {@link EventType} lacks
 * @param data JSON values; null only where openapi.yaml says so
 */
public record OperationEvent(
        long id, Instant ts, @Nullable Integer spid, String type, Map<String, @Nullable Object> data) {
    /** Its type, if this version knows it. */
    public EventType eventType() {
        return EventType.of(type);
    }

    /**
     * The bytes that an event of a stream carries.
     *
     * @throws IllegalArgumentException if it says that it is Base64 and is not
     */
    public byte[] bytes() {
        boolean base64 = Encoding.BASE64.wire().equals(data.get("encoding"));
        return (base64 ? Encoding.BASE64 : Encoding.ASCII).decode(String.valueOf(data.getOrDefault("value", "")));
    }
}
