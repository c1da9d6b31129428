package io.contree.sdk;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.http.Deadline;
import io.contree.sdk.internal.http.EventReader;
import io.contree.sdk.internal.http.Transport.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log of an operation, live until its end. A broken connection is resumed after the last event that came, so
 * every event comes once and in order. Not for use by several threads, except {@link #close}.
 */
public final class EventStream implements Iterator<OperationEvent>, AutoCloseable {
    /** A connection that lasted this long was a good one, even if it brought nothing. */
    private static final Duration GOOD_LIFE = Duration.ofSeconds(5);

    private final Api api;
    private final UUID operation;
    private final String path;
    private final Deadline deadline;
    private long last = -1;
    /** Connections in a row that brought nothing. */
    private int fruitless;

    private @Nullable OperationEvent next;
    private volatile @Nullable EventReader reader;
    private Deadline goodAfter = Deadline.never();
    private boolean ended;
    private volatile boolean closed;

    EventStream(Api api, UUID operation) {
        this(api, operation, Deadline.never());
    }

    /** Ends without an event when time is up. */
    EventStream(Api api, UUID operation, Deadline deadline) {
        this(api, operation, "/operations/" + operation + "/events?follow=1", deadline);
    }

    private EventStream(Api api, UUID operation, String path, Deadline deadline) {
        this.api = api;
        this.operation = operation;
        this.path = path;
        this.deadline = deadline;
    }

    /** The events of one process, and the last one of the operation. */
    static EventStream ofProcess(Api api, UUID operation, int spid, Deadline deadline) {
        String path = "/operations/" + operation + "/events?follow=1&spid=" + spid;
        return new EventStream(api, operation, path, deadline);
    }

    /**
     * Waits for the next event; false after the end of the operation.
     *
     * @throws TransportException if the connection breaks again and again
     * @throws ServerException if what comes is not an event, again and again
     */
    @Override
    public boolean hasNext() {
        while (next == null && !ended && !closed) {
            try {
                OperationEvent event = advance();
                if (event == null) {
                    endOrThrow();
                } else if (event.id() > last) {
                    take(event);
                }
            } catch (IOException | TransportException | UnavailableException | ServerException e) {
                disconnect();
                if (closed || deadline.isOver()) {
                    ended = true;
                } else {
                    comeBack(e);
                }
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

    private void take(OperationEvent event) {
        next = event;
        last = event.id();
        ended = event.eventType() == EventType.COMPLETION;
        fruitless = 0;
    }

    /** The next event of the connection, made if need be; null at the end of the body, or when time is up. */
    private @Nullable OperationEvent advance() throws IOException {
        EventReader open = reader;
        if (open == null) {
            open = new EventReader(api.stream(request(), Api.EVENTS).body());
            goodAfter = Deadline.in(GOOD_LIFE);
            reader = open;
            if (closed) {
                disconnect();
                return null;
            }
        }
        try {
            return open.read(deadline);
        } catch (InternalException e) {
            throw Failures.of(e);
        }
    }

    private Request request() {
        Map<String, String> headers = new HashMap<>(Map.of("Accept", Api.EVENTS));
        if (last >= 0) {
            headers.put("Last-Event-Id", Long.toString(last));
        }
        return Request.plain("follow operation " + operation, "GET", path)
                .headers(headers)
                .by(deadline);
    }

    /** The log ended without its last event: a server that was stopped, perhaps; ask before connecting again. */
    private void endOrThrow() throws IOException {
        disconnect();
        if (closed || deadline.isOver() || hasEnded()) {
            ended = true;
        } else {
            throw new IOException("the event stream ended while the operation goes on");
        }
    }

    private boolean hasEnded() {
        return new Operations(api).peek(operation).status().isFinal();
    }

    /** Waits a moment before the next connection, unless it was tried often enough. */
    private void comeBack(Exception failure) {
        fruitless = goodAfter.isOver() ? 1 : fruitless + 1;
        goodAfter = Deadline.never();
        if (fruitless >= api.retries().attempts()) {
            if (failure instanceof ServerException || failure instanceof UnavailableException) {
                throw (ContreeClientException) failure;
            }
            throw new TransportException(
                    "could not follow operation " + operation + ": the connection keeps breaking ("
                            + failure.getMessage() + ")",
                    failure);
        }
        pause(api.retries().pauseAfter(fruitless));
    }

    private void disconnect() {
        EventReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }

    private void pause(Duration pause) {
        try {
            Thread.sleep(Math.max(0, deadline.orIn(pause).remaining().toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException("could not follow operation " + operation + ": interrupted", e);
        }
    }
}
