package io.contree.sdk;

import io.contree.api.Encoding;
import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.api.StreamRepr;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Hands the output of the main process to a listener. */
final class Outputs {
    private static final int MAIN_PROCESS = 1;

    private final OutputListener listener;

    Outputs(OutputListener listener) {
        this.listener = listener;
    }

    void accept(OperationEvent event) {
        if (event.spid() == null || event.spid() != MAIN_PROCESS) {
            return;
        }
        switch (event.eventType()) {
            case STDOUT -> listener.stdout(bytes(event));
            case STDERR -> listener.stderr(bytes(event));
            case TRUNCATED -> {
                // Of standard input the process had everything; it is the log that shows a part.
                if (event.data().get("stream") instanceof String stream && EventType.of(stream) != EventType.STDIN) {
                    listener.truncated(
                            stream,
                            event.data().get("bytes_dropped") instanceof Number dropped ? dropped.longValue() : 0);
                }
            }
            default -> {}
        }
    }

    static byte[] bytes(OperationEvent event) {
        String value = String.valueOf(event.data().getOrDefault("value", ""));
        return decode(value, "base64".equals(event.data().get("encoding")));
    }

    static byte[] bytes(StreamRepr stream) {
        return decode(stream.value(), stream.encoding() == Encoding.BASE64);
    }

    static byte[] decode(String value, boolean base64) {
        try {
            return base64 ? Base64.getDecoder().decode(value) : value.getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ServerException("could not read output: the server sent broken Base64", e);
        }
    }
}
