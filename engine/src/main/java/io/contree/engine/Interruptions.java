package io.contree.engine;

import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what a stopped server left unfinished: FAILED, with words about how far it was. */
final class Interruptions {
    private static final Logger LOG = LoggerFactory.getLogger("io.contree.operations");

    private final OperationCatalog catalog;
    private final LogDirectory logs;
    private final Clock clock;

    Interruptions(OperationCatalog catalog, LogDirectory logs, Clock clock) {
        this.catalog = catalog;
        this.logs = logs;
        this.clock = clock;
    }

    /** The error of an operation that the end of the server met in this state. */
    static String error(OperationKind kind, OperationStatus status) {
        return "interrupted: the server stopped while it was "
                + switch (status) {
                    case PENDING -> "waiting in the queue; start it again";
                    case ASSIGNED -> "being prepared; start it again";
                    default ->
                        kind == OperationKind.INSTANCE
                                ? "running; its changes were not kept"
                                : "importing; import it again, finished layers are kept";
                };
    }

    /** To be called before anything else uses the logs. */
    void recover() {
        for (OperationRecord operation : catalog.unfinished()) {
            String error = error(operation.kind(), lastState(operation));
            Outcome outcome = new Outcome(
                    OperationStatus.FAILED,
                    Optional.of(error),
                    clock.instant(),
                    Duration.ZERO,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    run(operation));
            catalog.finish(operation.uuid(), outcome);
            LOG.atWarn()
                    .addKeyValue("operation", operation.uuid())
                    .addKeyValue("project", operation.project())
                    .addKeyValue("error", error)
                    .log("operation was interrupted");
        }
    }

    /** Which limits it met until then, nobody knows any more. */
    private static Optional<RunOutcome> run(OperationRecord operation) {
        return operation.kind() == OperationKind.INSTANCE
                ? Optional.of(new RunOutcome(RunOutcome.Reason.INFRASTRUCTURE, List.of()))
                : Optional.empty();
    }

    private OperationStatus lastState(OperationRecord operation) {
        Set<String> types = new HashSet<>();
        Path file = logs.file(operation.uuid());
        Events.each(file, Events.still(file), event -> types.add(event.type()));
        if (types.contains("spawn") || types.contains("progress")) {
            return OperationStatus.EXECUTING;
        }
        return types.isEmpty() ? OperationStatus.PENDING : OperationStatus.ASSIGNED;
    }
}
