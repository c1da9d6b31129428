package io.contree.sdk;

import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The operations of a project: runs and imports, of this client and of others. */
public final class Operations {
    private final Api api;

    Operations(Api api) {
        this.api = api;
    }

    /** Every operation, the newest first; asked for page by page while the stream is read. */
    public Stream<OperationSummary> list() {
        return list(OperationQuery.all());
    }

    public Stream<OperationSummary> list(OperationQuery query) {
        return Pages.stream((limit, offset) ->
                List.of(api.get("list operations", query.path(limit, offset), OperationSummary[].class)));
    }

    /** @throws NotFoundException if there is none */
    public Operation get(UUID operation) {
        String action = "look at operation " + operation;
        return Operation.read(action, api.getBytes(action, path(operation)));
    }

    /**
     * Ends an operation as CANCELLED, in whatever state it is.
     *
     * @throws ConflictException if it has ended
     */
    public void cancel(UUID operation) {
        api.delete("cancel operation " + operation, path(operation));
    }

    /** The log of an operation from its start, going on while it runs. Close it. */
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
        return await(operation, Duration.ofDays(365));
    }

    /** As {@link #await(UUID)}, or {@link WaitTimeoutException} when the time is over; the operation then goes on. */
    public Operation await(UUID operation, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        // The server holds back the answer about a young operation until it ends: most runs need no more than this.
        Operation current = get(operation);
        if (!current.status().isFinal()) {
            try (EventStream events = new EventStream(api, operation, deadline)) {
                events.forEachRemaining(event -> {});
            }
            current = get(operation);
        }
        return succeeded(current, atMost);
    }

    private static Operation succeeded(Operation operation, Duration waited) {
        UUID uuid = operation.uuid();
        if (operation.status() == OperationStatus.SUCCESS) {
            return operation;
        }
        if (operation.status() == OperationStatus.FAILED) {
            throw new OperationFailedException(uuid, operation.error().orElse("no reason given"));
        }
        if (operation.status() == OperationStatus.CANCELLED) {
            throw new OperationCancelledException(uuid, "operation " + uuid + " was cancelled");
        }
        throw new WaitTimeoutException(
                uuid,
                "operation " + uuid + " has not ended within " + waited.toMillis() + " ms; it is "
                        + operation.status());
    }

    private static String path(UUID operation) {
        return "/operations/" + operation;
    }
}
