package io.contree.engine.operation;

import io.contree.api.EventType;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome;
import io.contree.engine.OperationCatalog;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Outcome;
import io.contree.engine.log.Events;
import io.contree.engine.log.LogDirectory;
import io.contree.engine.log.StillLog;
import io.contree.engine.process.ExitStatuses;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what a stopped server left unfinished: CANCELLED if that was asked for, else FAILED, saying how far it got. */
public final class Interruptions {
    private static final Logger LOG = LoggerFactory.getLogger("io.contree.operations");

    private final OperationCatalog catalog;
    private final LogDirectory logs;
    private final Clock clock;

    public Interruptions(OperationCatalog catalog, LogDirectory logs, Clock clock) {
        this.catalog = catalog;
        this.logs = logs;
        this.clock = clock;
    }

    /** The error of an operation that was in this state when the server stopped. */
    public static String error(OperationKind kind, OperationStatus status) {
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

    /** Call it before anything else uses the logs. */
    public void recover() {
        Set<UUID> cancelled = catalog.cancelled();
        for (OperationRecord operation : catalog.unfinished()) {
            Outcome outcome = cancelled.contains(operation.uuid())
                    ? new Outcome.Cancelled()
                    : new Outcome.Failed(error(operation.kind(), lastState(operation)));
            // Nobody knows any more which limits a run had met by then.
            Optional<RunOutcome> run = operation.kind() == OperationKind.INSTANCE
                    ? Optional.of(new RunOutcome(ExitStatuses.reason(outcome, false), List.of()))
                    : Optional.empty();
            catalog.finish(operation.uuid(), new OperationEnd(outcome, clock.instant(), Duration.ZERO, run));
            LOG.atWarn()
                    .addKeyValue("operation", operation.uuid())
                    .addKeyValue("project", operation.project())
                    .addKeyValue("status", outcome.status())
                    .addKeyValue("error", outcome.error().orElse(""))
                    .log("operation was interrupted");
        }
    }

    private OperationStatus lastState(OperationRecord operation) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        Path file = logs.file(operation.uuid());
        Events.each(file, new StillLog(file, Optional.empty()), event -> types.add(event.eventType()));
        if (types.contains(EventType.SPAWN) || types.contains(EventType.PROGRESS)) {
            return OperationStatus.EXECUTING;
        }
        return types.isEmpty() ? OperationStatus.PENDING : OperationStatus.ASSIGNED;
    }
}
