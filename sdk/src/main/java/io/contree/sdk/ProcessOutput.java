package io.contree.sdk;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One output stream of a process, from its start, as its events bring it; ends when the process does, and by an exception if
 * some of it was dropped.
 */
final class ProcessOutput extends InputStream {
    private static final byte[] NOTHING = {};

    private final EventStream events;
    private final EventType stream;
    private byte[] current = NOTHING;
    private int next;
    private boolean ended;
    private @Nullable String dropped;

    /**
     * @param events of one process, from the first on; closed together with this
     * @param stream standard output or error
     */
    ProcessOutput(EventStream events, EventType stream) {
        this.events = events;
        this.stream = stream;
    }

    @Override
    public int read() throws IOException {
        return advance() ? current[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, current.length - next);
        System.arraycopy(current, next, into, offset, count);
        next += count;
        return count;
    }

    @Override
    public int available() {
        return current.length - next;
    }

    @Override
    public void close() {
        events.close();
    }

    private void take(OperationEvent event) {
        if (event.eventType() == stream) {
            current = Outputs.bytes(event);
            next = 0;
        } else if (event.eventType() == EventType.TRUNCATED
                && stream.wire().equals(event.data().get("stream"))) {
            dropped = event.data().get("bytes_dropped") + " bytes of " + stream.wire()
                    + " were dropped at the output limit; raise it, or write large output to a file inside";
        } else if (event.eventType() == EventType.SIZE_CAP) {
            dropped = "further output was dropped: the log of the operation is full";
        }
    }

    /** Waits for bytes; false at the end. */
    private boolean advance() throws IOException {
        try {
            while (next == current.length && !ended) {
                OperationEvent event = events.hasNext() ? events.next() : null;
                ended = event == null || event.eventType() == EventType.EXIT;
                if (event != null) {
                    take(event);
                }
            }
            if (ended) {
                close();
                if (dropped != null && next == current.length) {
                    throw new IOException(dropped);
                }
            }
            return next < current.length;
        } catch (ContreeClientException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
