package io.contree.engine;

import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The durable records of operations. Every method that records is atomic, and durable on return. Safe for use by
 * several threads. Implemented on SQL by {@code catalog}; one conformance suite runs on every implementation.
 */
public interface OperationCatalog {
    /** Records an accepted operation, without an outcome. */
    void accept(OperationRecord operation);

    /** The operation of a project; empty if it is unknown or another project's. */
    Optional<OperationRecord> operation(UUID project, UUID operation);

    /** Those of a project, newest first; one without an outcome is PENDING here. */
    List<OperationSummary> operations(UUID project, Operations.Filter filter, Page page);

    /**
     * Records the end. In the same transaction its image becomes one of the project, gets its tag, and the step
     * from the operation's image to it is added to the lineage, if they differ.
     *
     * @return false, with nothing recorded, if the operation is final already or unknown
     */
    boolean finish(UUID operation, OperationEnd end);

    /**
     * Records that an operation was asked to end as CANCELLED, which it then does even if this process does not live to see it.
     * Nothing changes if it has an outcome already or is unknown.
     */
    void cancel(UUID operation, Instant at);

    /** Those without an outcome that {@link #cancel} was called for. */
    Set<UUID> cancelled();

    /** All without an outcome, oldest first. */
    List<OperationRecord> unfinished();

    /** How many operations of a project are in each state. */
    Map<OperationStatus, Long> counts(UUID project);
}
