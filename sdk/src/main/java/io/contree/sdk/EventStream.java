package io.contree.sdk;

import io.contree.api.OperationEvent;
import io.contree.sdk.Transport.StreamReply;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log of an operation, live until its end. A broken connection is taken up again after the last event that came, so
 * every event comes once and in order. Not for use by several threads, except {@link #close}.
 */
public final class EventStream implements Iterator<OperationEvent>, AutoCloseable {
    /** Connections in a row that brought nothing, before it is given up. */
    private static final int MAX_FRUITLESS = 5;

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Api api;
    private final UUID operation;
    private final long deadline;
    private long last = -1;
    private @Nullable OperationEvent next;
    private @Nullable EventReader reader;
    private boolean ended;
    private volatile boolean closed;

    EventStream(Api api, UUID operation) {
        this(api, operation, System.nanoTime() + Duration.ofDays(365).toNanos());
    }

    /** Ends without an event when the time is over ({@link System#nanoTime}). */
    EventStream(Api api, UUID operation, long deadline) {
        this.api = api;
        this.operation = operation;
        this.deadline = deadline;
    }

    /**
     * Waits for the next event; false after the end of the operation.
     *
     * @throws TransportException if the connection breaks again and again
     */
    @Override
    public boolean hasNext() {
        int fruitless = 0;
        while (next == null && !ended && !closed) {
            try {
                next = advance();
                if (next != null) {
                    last = next.id();
                    ended = next.type().equals("completion");
                } else if (System.nanoTime() - deadline >= 0 || hasEnded()) {
                    ended = true;
                }
            } catch (IOException e) {
                if (++fruitless >= MAX_FRUITLESS) {
                    throw new TransportException(
                            "could not follow operation " + operation + ": the connection keeps breaking ("
                                    + e.getMessage() + ")",
                            e);
                }
                disconnect();
                pause();
            }
        }
        return next != null;
    }

    @Override
    public OperationEvent next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        OperationEvent event = next;
        next = null;
        return event;
    }

    /** Ends the stream; another thread that waits in it gets no further event. */
    @Override
    public void close() {
        closed = true;
        disconnect();
    }

    /** The next event of the connection, made if need be; null at the end of the body, or when the time is over. */
    private @Nullable OperationEvent advance() throws IOException {
        if (reader == null) {
            String path = "/operations/" + operation + "/events?follow=1";
            Map<String, String> headers = last < 0
                    ? Map.of("Accept", "text/event-stream")
                    : Map.of("Accept", "text/event-stream", "Last-Event-Id", Long.toString(last));
            StreamReply reply = api.stream("follow operation " + operation, path, headers);
            reader = new EventReader(reply.body());
        }
        OperationEvent event = reader.read(deadline);
        if (event == null) {
            disconnect();
        }
        return event;
    }

    /** The log ended without its last event: a server that was stopped, perhaps; ask before connecting again. */
    private boolean hasEnded() throws IOException {
        if (new Operations(api).get(operation).status().isFinal()) {
            return true;
        }
        throw new IOException("the event stream ended while the operation goes on");
    }

    private void disconnect() {
        EventReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException("could not follow operation " + operation + ": interrupted", e);
        }
    }
}
