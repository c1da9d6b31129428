package io.contree.engine;

import io.contree.api.ImportRequest;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.api.SpawnRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The operations of a project. */
public interface Operations {
    /** What to list. */
    record Filter(
            Optional<OperationStatus> status,
            Optional<OperationKind> kind,
            Optional<Instant> since,
            Optional<Instant> until) {}

    /** A run that was accepted: its operation and the request as its record shows it, with the image resolved to a UUID. */
    record Accepted(UUID operation, SpawnRequest request) {}

    /**
     * Accepts a run: it is recorded as PENDING and queued when this returns.
     *
     * @throws io.contree.api.ContreeException NOT_FOUND for an unknown image or file, INVALID_ARGUMENT, PERMISSION_DENIED,
     *     TOO_MANY_REQUESTS when the queue is full, UNAVAILABLE when stopping; nothing was done then
     */
    Accepted spawn(Caller caller, SpawnRequest request);

    /** Accepts an import; as {@link #spawn}. */
    UUID importImage(Caller caller, ImportRequest request);

    /** The whole record; {@code inflight} adds the output so far of a running instance. NOT_FOUND otherwise. */
    OperationDetails get(Caller caller, UUID operation, boolean inflight);

    /** Waits for a final state; true if it is final. */
    boolean awaitEnd(Caller caller, UUID operation, Duration atMost) throws InterruptedException;

    List<OperationSummary> list(Caller caller, Filter filter, Page page);

    /**
     * Asks an operation to end as CANCELLED, whatever its state. On return that is on disk: it ends so even if the
     * server is killed now.
     *
     * @throws io.contree.api.ContreeException CONFLICT if it is final, NOT_FOUND, UNAVAILABLE if the disk does not take it
     */
    void cancel(Caller caller, UUID operation);

    /** The event log of an operation, readable from its acceptance on. Close it. NOT_FOUND otherwise. */
    EventReader events(Caller caller, UUID operation, long after);
}
