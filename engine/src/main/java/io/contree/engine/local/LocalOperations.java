package io.contree.engine.local;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImportRequest;
import io.contree.api.OperationSummary;
import io.contree.api.SpawnRequest;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.EngineConfig;
import io.contree.engine.EventReader;
import io.contree.engine.OperationCatalog;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationRecord;
import io.contree.engine.Operations;
import io.contree.engine.Outcome;
import io.contree.engine.Page;
import io.contree.engine.StoreFailures;
import io.contree.engine.cache.RunCache;
import io.contree.engine.disk.DiskGuard;
import io.contree.engine.log.EventLog;
import io.contree.engine.log.EventLogReader;
import io.contree.engine.log.LogDirectory;
import io.contree.engine.log.LogTail;
import io.contree.engine.log.StillLog;
import io.contree.engine.operation.Lane;
import io.contree.engine.operation.LiveOperation;
import io.contree.engine.operation.LiveOperations;
import io.contree.engine.operation.OperationList;
import io.contree.engine.operation.OperationViews;
import io.contree.engine.process.RunPlan;
import io.contree.engine.request.ImportRules;
import io.contree.engine.request.Redaction;
import io.contree.engine.run.ImportRun;
import io.contree.engine.run.InstanceRun;
import io.contree.engine.run.Limits;
import io.contree.engine.run.RunPreparation;
import io.contree.engine.upkeep.Upkeep;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.PlacedFile;
import io.contree.store.Store;
import io.contree.store.StoreException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Operations that this process works on, and the records of those that ended. */
final class LocalOperations implements Operations {
    private static final Duration CANCEL_AGAIN = Duration.ofSeconds(1);

    private final OperationCatalog catalog;
    private final RunPreparation preparation;
    private final Limits limits;
    private final LiveOperations live;
    private final OperationList lists;
    private final LogDirectory logs;
    private final RunCache cache;
    private final EngineConfig config;
    private final DiskGuard guard;
    private final Store store;
    private final Upkeep upkeep;
    private final Clock clock;
    private final Lane runs;
    private final Lane imports;
    private final InstanceRun instanceRun;
    private final ImportRun importRun;

    LocalOperations(
            OperationCatalog catalog,
            RunPreparation preparation,
            LiveOperations live,
            LogDirectory logs,
            RunCache cache,
            EngineConfig config,
            DiskGuard guard,
            Store store,
            Upkeep upkeep,
            Clock clock,
            Lane runs,
            Lane imports,
            InstanceRun instanceRun,
            ImportRun importRun) {
        this.catalog = catalog;
        this.preparation = preparation;
        this.limits = preparation.limits();
        this.live = live;
        this.lists = new OperationList(catalog, live);
        this.logs = logs;
        this.cache = cache;
        this.config = config;
        this.guard = guard;
        this.store = store;
        this.upkeep = upkeep;
        this.clock = clock;
        this.runs = runs;
        this.imports = imports;
        this.instanceRun = instanceRun;
        this.importRun = importRun;
    }

    @Override
    public Accepted spawn(Caller caller, SpawnRequest request) {
        RunPlan plan = preparation.plan(caller, request);
        Optional<Digest> key = cache.key(plan);
        guard.admit("run");
        SpawnRequest shown = Redaction.request(plan.request());
        List<Digest> uploads = plan.files().stream().map(PlacedFile::digest).toList();
        Optional<UUID> repetition = key.flatMap(found -> repeat(caller, found, plan, shown, uploads));
        UUID operation = repetition.isPresent()
                ? repetition.get()
                : accept(
                        caller,
                        runs,
                        limits.runs(caller),
                        new OperationDetails.Instance(shown),
                        Optional.of(plan.image()),
                        uploads,
                        accepted -> {
                            key.ifPresent(accepted::repeatableAs);
                            return instanceRun.run(accepted, plan);
                        });
        return new Accepted(operation, shown);
    }

    /** The operation of a run that needs no turn, since an equal one answers for it. */
    private Optional<UUID> repeat(Caller caller, Digest key, RunPlan plan, SpawnRequest shown, List<Digest> uploads) {
        runs.requireOpen();
        Optional<OperationRecord> repetition = cache.repeat(caller.project(), key, plan, shown);
        repetition.ifPresent(ended -> {
            upkeep.used(caller.project(), uploads);
            ended.end().ifPresent(end -> LiveOperations.report(ended, end));
        });
        return repetition.map(OperationRecord::uuid);
    }

    @Override
    public UUID importImage(Caller caller, ImportRequest request) {
        Action.IMPORT.require(caller);
        ImportRules.check(caller, request, config);
        ImportRequest checked = within(caller, request);
        Optional<Digest> upload = preparation.upload(caller, checked);
        guard.admit("import");
        return accept(
                caller,
                imports,
                limits.imports(caller),
                new OperationDetails.Import(Redaction.request(checked)),
                Optional.empty(),
                upload.stream().toList(),
                accepted -> importRun.run(accepted, checked, upload));
    }

    private ImportRequest within(Caller caller, ImportRequest request) {
        return new ImportRequest(
                request.registry(), request.tag(), limits.importTimeout(caller.project(), request.timeout()));
    }

    private UUID accept(
            Caller caller,
            Lane lane,
            Lane.Claim claim,
            OperationDetails.Request request,
            Optional<Image> image,
            List<Digest> uploads,
            Function<LiveOperation, Outcome> work) {
        OperationRecord record = new OperationRecord(
                UUID.randomUUID(),
                caller.project(),
                request,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                image.map(Image::uuid),
                Optional.empty());
        EventLog log = new EventLog(logs.file(record.uuid()), clock, config.logBudget());
        LiveOperation operation = new LiveOperation(record, log, store.hold(), clock);
        operation.asksFor(uploads);
        upkeep.used(caller.project(), uploads);
        Lane.Place place = lane.reserve(claim);
        try {
            live.add(operation);
        } catch (RuntimeException | Error e) {
            live.forget(operation);
            place.giveBack();
            throw e;
        }
        operation.queuedAt(place);
        // Its work is prepared while its record goes to the disk.
        place.start(() -> live.work(operation, () -> work.apply(operation)));
        record(operation);
        if (operation.hasVerdict()) {
            endIfQueued(
                    operation, Outcome.Failed.cutShort(Optional.empty())); // a cancel that came before it was queued
        }
        return record.uuid();
    }

    private void record(LiveOperation operation) {
        try {
            catalog.accept(operation.record());
            operation.accepted();
        } catch (StoreException e) {
            refuse(operation);
            throw StoreFailures.toContree(e);
        } catch (RuntimeException | Error e) {
            refuse(operation);
            throw e;
        }
    }

    /** One at work forgets itself. */
    private void refuse(LiveOperation operation) {
        operation.refused();
        if (operation.unqueue()) {
            live.forget(operation);
        }
    }

    @Override
    public OperationDetails get(Caller caller, UUID operation, boolean inflight) {
        Action.LOOK.require(caller);
        Optional<LiveOperation> running = live.get(caller.project(), operation);
        return running.isPresent()
                ? OperationViews.details(running.get(), inflight)
                : OperationViews.details(
                        live.recorded(caller.project(), operation),
                        logs.file(operation),
                        !upkeep.isLogRemoved(operation));
    }

    @Override
    public boolean awaitEnd(Caller caller, UUID operation, Duration atMost) throws InterruptedException {
        Action.LOOK.require(caller);
        Optional<LiveOperation> running = live.get(caller.project(), operation);
        return running.isPresent()
                ? running.get().awaitEnd(atMost)
                : live.recorded(caller.project(), operation).status().isFinal();
    }

    @Override
    public List<OperationSummary> list(Caller caller, Filter filter, Page page) {
        Action.LOOK.require(caller);
        return lists.list(caller.project(), filter, page);
    }

    @Override
    public void cancel(Caller caller, UUID operation) {
        Action.CANCEL.require(caller);
        Optional<LiveOperation> running = live.get(caller.project(), operation);
        Outcome cancelled = new Outcome.Cancelled();
        if (running.isPresent() && running.get().impose(cancelled)) {
            endIfQueued(running.get(), cancelled);
            recordCancel(operation);
            return;
        }
        if (running.isPresent()) {
            running.get().awaitRecord(); // its end is decided; the caller may read it now
        }
        OperationRecord record = live.recorded(caller.project(), operation);
        throw new ContreeException(
                ErrorCode.CONFLICT, "Operation " + operation + " has ended already, as " + record.status() + ".");
    }

    /** Must outlive this process, since the caller counts on it from the answer on; one that has ended needs none. */
    private void recordCancel(UUID operation) {
        try {
            catalog.cancel(operation, clock.instant());
        } catch (StoreException e) {
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE,
                    "Operation " + operation + " is being cancelled, but that could not be recorded, so a server that"
                            + " stops now would forget it; ask again. " + e.getMessage(),
                    CANCEL_AGAIN,
                    e);
        }
    }

    /** Ends an operation that waits for its turn, as proposed or by an earlier verdict; one at work ends itself. */
    void endIfQueued(LiveOperation operation, Outcome proposed) {
        if (operation.unqueue()) {
            live.finish(operation, proposed);
        }
    }

    @Override
    public EventReader events(Caller caller, UUID operation, long after) {
        Action.LOOK.require(caller);
        if (upkeep.isLogRemoved(operation)) {
            throw new ContreeException(
                    ErrorCode.GONE,
                    "The event log of operation " + operation
                            + " is gone: the project keeps logs for a limited time (see retention in whoami). Its record stays.");
        }
        Path file = logs.file(operation);
        LogTail tail = live.get(caller.project(), operation)
                .<LogTail>map(LiveOperation::log)
                .orElseGet(() -> StillLog.of(
                        operation,
                        file,
                        live.recorded(caller.project(), operation).end()));
        return new EventLogReader(file, tail, after);
    }
}
