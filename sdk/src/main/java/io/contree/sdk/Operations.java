package io.contree.sdk;

import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.sdk.internal.http.Deadline;
import io.contree.sdk.internal.http.Filters;
import io.contree.sdk.internal.http.Pages;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** The operations of a project: runs and imports, of this client and of others. */
public final class Operations {
    /** How long the server may hold back an answer about a young operation. */
    private static final Duration HOLD = Duration.ofSeconds(1);

    private final Api api;

    Operations(Api api) {
        this.api = api;
    }

    /** Every operation, the newest first; asked for page by page while the stream is read. */
    public Stream<OperationSummary> list() {
        return list(OperationQuery.all());
    }

    public Stream<OperationSummary> list(OperationQuery query) {
        Filters filters = query.filters();
        return Pages.stream(
                filters.limit(),
                (size, offset) -> List.of(api.get(
                        "list operations", filters.page("/operations", size, offset), OperationSummary[].class)));
    }

    /** @throws NotFoundException if there is none */
    public Operation get(UUID operation) {
        return get(operation, Deadline.never());
    }

    private Operation get(UUID operation, Deadline deadline) {
        return read(operation, path(operation), deadline);
    }

    /** As it is at this moment; for a run that is at work, with its output so far. */
    public Operation peek(UUID operation) {
        return peek(operation, Deadline.never());
    }

    private Operation peek(UUID operation, Deadline deadline) {
        return read(operation, path(operation) + "?inflight=1", deadline);
    }

    private Operation read(UUID operation, String path, Deadline deadline) {
        String action = "look at operation " + operation;
        return Operation.read(action, api.getJson(action, path, deadline));
    }

    /** A run that somebody started, to wait for and to follow as whoever started it can. Sends nothing. */
    public Execution attach(UUID operation) {
        return new Execution(api, Objects.requireNonNull(operation, "operation"));
    }

    /**
     * Ends an operation as CANCELLED, in whatever state it is.
     *
     * @throws ConflictException if it has ended
     */
    public void cancel(UUID operation) {
        api.delete("cancel operation " + operation, path(operation));
    }

    /** The log of an operation from its start, live while it runs. Close it. */
    public EventStream events(UUID operation) {
        return new EventStream(api, operation);
    }

    /**
     * Waits for SUCCESS.
     *
     * @throws OperationFailedException if it ends as FAILED
     * @throws OperationCancelledException if it ends as CANCELLED
     */
    public Operation await(UUID operation) {
        return await(operation, Deadline.never(), "");
    }

    /**
     * As {@link #await(UUID)}, or {@link WaitTimeoutException} when time is up; the operation then goes on. A server that
     * does not answer is noticed within one more second.
     */
    public Operation await(UUID operation, Duration atMost) {
        return await(operation, Deadline.in(atMost), Deadline.within(atMost));
    }

    private Operation await(UUID operation, Deadline deadline, String within) {
        boolean hurry = deadline.remaining().compareTo(HOLD) <= 0;
        try {
            // The server holds back the answer about a young operation until it ends: most runs need no more than this.
            Operation current = hurry ? peek(operation, Deadline.in(HOLD)) : get(operation, deadline);
            if (!current.status().isFinal() && !deadline.isOver()) {
                try (EventStream events = new EventStream(api, operation, deadline)) {
                    events.forEachRemaining(event -> {});
                }
                current = peek(operation, Deadline.in(deadline.isOver() ? HOLD : deadline.remaining()));
            }
            return succeeded(current, within);
        } catch (TransportException | UnavailableException e) {
            if (deadline.isOver()) {
                throw new WaitTimeoutException(operation, "operation " + operation + " has not ended" + within, e);
            }
            throw e;
        }
    }

    private static Operation succeeded(Operation operation, String within) {
        UUID uuid = operation.uuid();
        if (operation.status() == OperationStatus.SUCCESS) {
            return operation;
        }
        if (operation.status() == OperationStatus.FAILED) {
            throw new OperationFailedException(operation);
        }
        if (operation.status() == OperationStatus.CANCELLED) {
            throw new OperationCancelledException(uuid, "operation " + uuid + " was cancelled");
        }
        throw new WaitTimeoutException(
                uuid, "operation " + uuid + " has not ended" + within + "; it is " + operation.status(), null);
    }

    private static String path(UUID operation) {
        return "/operations/" + Objects.requireNonNull(operation, "operation");
    }
}
