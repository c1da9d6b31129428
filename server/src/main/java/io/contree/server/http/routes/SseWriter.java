package io.contree.server.http.routes;

import io.contree.api.Json;
import io.contree.api.OperationEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Frames of a stream of server-sent events, each flushed to the client. */
final class SseWriter {
    private final OutputStream out;
    private long lastWrite = System.nanoTime();
    private boolean begun;

    SseWriter(OutputStream out) {
        this.out = out;
    }

    /** Tells a client that has to wait that it is connected: headers are sent only with the first bytes. */
    void open() throws IOException {
        if (!begun) {
            keepalive();
        }
    }

    void event(OperationEvent event) throws IOException {
        write("id: " + event.id() + "\nevent: " + event.type() + "\ndata: " + Json.text(event) + "\n\n");
    }

    void keepalive() throws IOException {
        write(": keepalive\n\n");
    }

    /** Says that the stream broke although the operation goes on; the client comes back with its last id. */
    void failed(String reason) throws IOException {
        write(": stream ended with error, retry since last event id\n\nevent: sse_error\ndata: "
                + reason.replaceAll("\\R", " ") + "\n\n");
    }

    /** How long until nothing has been written for this time; zero if that is so already. */
    Duration untilSilentFor(Duration silence) {
        Duration left = silence.minusNanos(System.nanoTime() - lastWrite);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void write(String frame) throws IOException {
        out.write(frame.getBytes(StandardCharsets.UTF_8));
        out.flush();
        lastWrite = System.nanoTime();
        begun = true;
    }
}
