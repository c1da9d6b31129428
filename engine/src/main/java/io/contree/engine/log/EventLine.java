package io.contree.engine.log;

import io.contree.api.ContreeException;
import io.contree.api.Json;
import io.contree.api.OperationEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** One event as a line of a log: the JSON of the wire, with {@code id} first, and a line feed. */
final class EventLine {
    private static final byte[] START = "{\"id\":".getBytes(StandardCharsets.US_ASCII);

    private EventLine() {}

    static byte[] of(OperationEvent event) {
        byte[] json = Json.bytes(event);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** The id of a line without reading the rest; -1 if it does not start like one. */
    static long id(byte[] bytes, int from, int to) {
        int at = from + START.length;
        if (to <= at || !Arrays.equals(bytes, from, at, START, 0, START.length)) {
            return -1;
        }
        long id = 0;
        for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            id = id * 10 + (bytes[at] - '0');
        }
        return at > from + START.length ? id : -1;
    }

    /** The event of a line; empty if there is none in it, as after a crash. */
    static Optional<OperationEvent> parse(byte[] bytes, int from, int to) {
        try {
            OperationEvent event = Json.read(Arrays.copyOfRange(bytes, from, to), OperationEvent.class);
            return Optional.ofNullable(event);
        } catch (ContreeException e) {
            return Optional.empty();
        }
    }
}
