package io.contree.sdk;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.api.StreamRepr;
import java.util.function.Supplier;

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
                // The process got all of its standard input; only the log shows less.
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
        return decoded(event::bytes);
    }

    static byte[] bytes(StreamRepr stream) {
        return decoded(() -> stream.encoding().decode(stream.value()));
    }

    private static byte[] decoded(Supplier<byte[]> bytes) {
        try {
            return bytes.get();
        } catch (IllegalArgumentException e) {
            throw new ServerException("could not read output: the server sent broken Base64", e);
        }
    }
}
