package io.contree.sdk;

import io.contree.api.OperationEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the frames of one event stream (server-sent events, WHATWG HTML 9.2) as far as contree uses them. */
final class EventReader implements AutoCloseable {
    private final InputStream body;
    private final BufferedReader lines;

    EventReader(InputStream body) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /**
     * The next event; null at the end of the body, or when the time is over ({@link System#nanoTime}), which is looked at
     * with every line: the server sends one every few seconds.
     *
     * @throws IOException if the connection breaks, the server reports a failure, or a frame is malformed
     */
    @Nullable
    OperationEvent read(long deadline) throws IOException {
        StringBuilder data = new StringBuilder();
        String type = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(value(line));
            } else if (line.startsWith("event:")) {
                type = value(line);
            } else if (line.isEmpty() && !data.isEmpty()) {
                return event(type, data.toString());
            }
            if (System.nanoTime() - deadline >= 0) {
                return null;
            }
        }
        return null;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // The connection is given up either way.
        }
    }

    private static OperationEvent event(String type, String data) throws IOException {
        if (type.equals("sse_error")) {
            throw new IOException("the server gave up the event stream: " + data);
        }
        try {
            return Wire.read("read an event", data.getBytes(StandardCharsets.UTF_8), OperationEvent.class);
        } catch (ServerException e) {
            throw new IOException("malformed event", e);
        }
    }

    /** What follows the colon, without the one space that may stand there. */
    private static String value(String line) {
        int start = line.indexOf(':') + 1;
        return line.substring(line.startsWith(" ", start) ? start + 1 : start);
    }
}
