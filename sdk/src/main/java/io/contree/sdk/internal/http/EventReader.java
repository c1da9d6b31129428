package io.contree.sdk.internal.http;

import io.contree.api.OperationEvent;
import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the frames of one event stream (server-sent events, WHATWG HTML 9.2) as far as contree uses them. */
public final class EventReader implements AutoCloseable {
    /** No frame of the protocol is longer than 4 MiB. */
    private static final int LONGEST_FRAME = 8 << 20;

    private final InputStream body;
    private final byte[] chunk = new byte[16 * 1024];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int next;
    private int end;

    public EventReader(InputStream body) {
        this.body = body;
    }

    /**
     * The next event; null at the end of the body, or when time is up, which is checked whenever something comes.
     *
     * @throws IOException if the connection breaks or the server reports a failure
     * @throws InternalException if a frame is malformed
     */
    @Nullable
    public OperationEvent read(Deadline deadline) throws IOException {
        StringBuilder data = new StringBuilder();
        String type = "";
        for (String text = readLine(deadline); text != null; text = readLine(deadline)) {
            if (text.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(value(text));
                if (data.length() > LONGEST_FRAME) {
                    throw endless();
                }
            } else if (text.startsWith("event:")) {
                type = value(text);
            } else if (text.isEmpty() && !data.isEmpty()) {
                return event(type, data.toString());
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

    /** A line without its end; null at the end of the body or when time is up; part of a line is dropped. */
    private @Nullable String readLine(Deadline deadline) throws IOException {
        line.reset();
        while (true) {
            for (int at = next; at < end; at++) {
                if (chunk[at] == '\n') {
                    line.write(chunk, next, at - next);
                    next = at + 1;
                    return line.toString(StandardCharsets.UTF_8).stripTrailing();
                }
            }
            line.write(chunk, next, end - next);
            next = end;
            if (line.size() > LONGEST_FRAME) {
                throw endless();
            }
            if (deadline.isOver() || !fill()) {
                return null;
            }
        }
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, body.read(chunk));
        return end > 0;
    }

    private static OperationEvent event(String type, String data) throws IOException {
        if (type.equals("sse_error")) {
            throw new IOException("the server gave up the event stream: " + data);
        }
        return Wire.read("read an event", data.getBytes(StandardCharsets.UTF_8), OperationEvent.class);
    }

    private static InternalException endless() {
        return new InternalException(Kind.ANSWER, "could not read an event: it has no end; is it a contree server?");
    }

    /** What follows the colon, without the one space that may stand there. */
    private static String value(String line) {
        int start = line.indexOf(':') + 1;
        return line.substring(line.startsWith(" ", start) ? start + 1 : start);
    }
}
