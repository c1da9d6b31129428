package io.contree.engine.operation;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.SpawnRequest;
import io.contree.engine.HeldBytes;
import io.contree.engine.OperationCatalog;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Outcome;
import io.contree.engine.Outcome.Failed;
import io.contree.sandbox.SandboxException;
import io.contree.store.Digest;
import io.contree.store.StoreException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations that have not ended, and how they end: the log on disk first, then the record, which decides, then the
 * completion that readers see. Safe for use by several threads.
 */
public final class LiveOperations {
    private static final Logger LOG = LoggerFactory.getLogger("io.contree.operations");
    private static final Duration RECORD_RETRY = Duration.ofSeconds(1);

    private final OperationCatalog catalog;
    private final ServerPaths paths;
    private final Clock clock;
    private final Map<UUID, Live> live = new ConcurrentHashMap<>();
    private final HeldBytes heap = HeldBytes.ofHeap(4);
    private volatile boolean closing;

    /** An operation, and the memory that its request takes meanwhile. */
    private record Live(LiveOperation operation, HeldBytes.Hold memory) {}

    public LiveOperations(OperationCatalog catalog, ServerPaths paths, Clock clock) {
        this.catalog = catalog;
        this.paths = paths;
        this.clock = clock;
    }

    /** @throws io.contree.api.ContreeException TOO_MANY_REQUESTS if those of its project leave too little memory */
    public void add(LiveOperation operation) {
        OperationRecord record = operation.record();
        HeldBytes.Hold hold = heap.open(record.project());
        hold.add(record.request().weight());
        live.put(record.uuid(), new Live(operation, hold));
    }

    private void remove(LiveOperation operation) {
        operation.hold().close();
        Live removed = live.remove(operation.record().uuid());
        if (removed != null) {
            removed.memory().close();
        }
    }

    /** Forgets an operation that was never accepted, or whose end cannot be recorded. */
    public void forget(LiveOperation operation) {
        remove(operation);
        operation.abandon();
    }

    public Optional<LiveOperation> get(UUID project, UUID operation) {
        return Optional.ofNullable(live.get(operation))
                .map(Live::operation)
                .filter(found -> found.record().project().equals(project));
    }

    /** One that is not live: its record is final, or it is just becoming so. NOT_FOUND otherwise. */
    public OperationRecord recorded(UUID project, UUID operation) {
        return catalog.operation(project, operation)
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.NOT_FOUND, "There is no operation " + operation + " in this project."));
    }

    public Collection<LiveOperation> all() {
        return live.values().stream().map(Live::operation).toList();
    }

    /** The uploads that those which have not ended ask for. */
    public Set<Digest> uploads() {
        return live.values().stream()
                .flatMap(each -> each.operation().uploads().stream())
                .collect(Collectors.toSet());
    }

    /** Does the work of an operation on the calling thread and ends it, whatever happens. */
    public void work(LiveOperation operation, Supplier<Outcome> work) {
        operation.assigned();
        try {
            finish(operation, attempt(operation, work));
        } finally {
            clearUp(operation);
        }
    }

    private static void clearUp(LiveOperation operation) {
        try {
            operation.clearUp();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("operation", operation.record().uuid())
                    .setCause(e)
                    .log("what is left of an operation could not be removed; the next start of the server tries again");
        }
    }

    private Outcome attempt(LiveOperation operation, Supplier<Outcome> work) {
        try {
            return work.get();
        } catch (VerdictException e) {
            return Failed.cutShort(Optional.empty());
        } catch (StoreException | SandboxException | UncheckedIOException e) {
            return new Failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("operation", operation.record().uuid())
                    .setCause(e)
                    .log("operation met a defect");
            return new Failed("internal error: " + e);
        }
    }

    /** Ends an operation: as proposed, or by an earlier verdict. Not interruptible. */
    public void finish(LiveOperation operation, Outcome proposed) {
        if (!operation.isAccepted()) {
            forget(operation);
            return;
        }
        Instant endedAt = clock.instant();
        OperationEnd end = shown(operation, operation.settle(onDisk(operation, proposed), endedAt));
        if (!record(operation, end)) {
            forget(operation); // what the catalog says counts: now, or "interrupted" after a restart
            return;
        }
        operation.ended(end);
        remove(operation);
        report(operation.record(), end);
    }

    /** The end, its error without what belongs to this machine alone; that goes to the log. */
    private OperationEnd shown(LiveOperation operation, OperationEnd end) {
        if (!(end.outcome() instanceof Failed failed)
                || paths.hide(failed.why()).equals(failed.why())) {
            return end;
        }
        LOG.atWarn()
                .addKeyValue("operation", operation.record().uuid())
                .addKeyValue("error", failed.why())
                .log("operation failed here");
        Failed shown = new Failed(failed.decided(), paths.hide(failed.why()), failed.exit());
        return new OperationEnd(shown, end.endedAt(), end.duration(), end.run());
    }

    private Outcome onDisk(LiveOperation operation, Outcome proposed) {
        try {
            operation.log().sync();
            return proposed;
        } catch (StoreException e) {
            return new Failed(String.valueOf(e.getMessage())).after(proposed.exit());
        }
    }

    /**
     * A full disk must not make up an end: the operation stays as it is until its record can be written, by this server
     * or, if its catalog has stopped, by the next. What it left goes meanwhile, since that may be what fills the disk.
     */
    private boolean record(LiveOperation operation, OperationEnd end) {
        UUID uuid = operation.record().uuid();
        while (true) {
            try {
                boolean recorded = catalog.finish(uuid, end);
                if (!recorded) {
                    LOG.atError().addKeyValue("operation", uuid).log("operation had been ended by somebody else");
                }
                return recorded;
            } catch (StoreException e) {
                LOG.atError().addKeyValue("operation", uuid).setCause(e).log("operation's end could not be recorded");
                clearUp(operation);
                if (closing || e.kind() == StoreException.Kind.STOPPED || !pause()) {
                    return false;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(RECORD_RETRY);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** From now on nothing is retried. */
    public void closing() {
        closing = true;
    }

    /** Tells the server's log of an end that is recorded. */
    public static void report(OperationRecord record, OperationEnd end) {
        Outcome outcome = end.outcome();
        var line = LOG.atInfo()
                .addKeyValue("operation", record.uuid())
                .addKeyValue("project", record.project())
                .addKeyValue("kind", record.kind().wire())
                .addKeyValue("status", outcome.status())
                .addKeyValue("duration_ms", end.duration().toMillis());
        if (record.request() instanceof OperationDetails.Instance(SpawnRequest run)) {
            line = line.addKeyValue("runtime", run.runtime());
        }
        if (record.image().isPresent()) {
            line = line.addKeyValue("image", record.image().get());
        }
        if (outcome.reached().isPresent()) {
            line = line.addKeyValue("result", outcome.reached().get().uuid());
        }
        if (end.cachedFrom().isPresent()) {
            line = line.addKeyValue("cached_from", end.cachedFrom().get());
        }
        if (outcome.exit().isPresent()) {
            line = line.addKeyValue("exit", outcome.exit().get().code())
                    .addKeyValue("signal", outcome.exit().get().signal())
                    .addKeyValue("timed_out", outcome.exit().get().timedOut());
        }
        if (outcome.error().isPresent()) {
            line = line.addKeyValue("error", outcome.error().get());
        }
        line.log("operation ended");
    }
}
