package io.contree.engine.local;

import io.contree.engine.Engine;
import io.contree.engine.EngineConfig;
import io.contree.engine.Files;
import io.contree.engine.Images;
import io.contree.engine.OperationCatalog;
import io.contree.engine.Operations;
import io.contree.engine.Outcome;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.Subprocesses;
import io.contree.engine.Tokens;
import io.contree.engine.cache.RunCache;
import io.contree.engine.cache.RunCacheCatalog;
import io.contree.engine.disk.DiskGuard;
import io.contree.engine.log.LogDirectory;
import io.contree.engine.operation.Interruptions;
import io.contree.engine.operation.Lane;
import io.contree.engine.operation.LiveOperation;
import io.contree.engine.operation.LiveOperations;
import io.contree.engine.operation.ServerPaths;
import io.contree.engine.request.ImageReference;
import io.contree.engine.request.RunNetwork;
import io.contree.engine.request.RunRuntime;
import io.contree.engine.retention.RetentionCatalog;
import io.contree.engine.run.ImportRun;
import io.contree.engine.run.InstanceRun;
import io.contree.engine.run.Limits;
import io.contree.engine.run.RunPreparation;
import io.contree.engine.run.Workplaces;
import io.contree.engine.upkeep.Upkeep;
import io.contree.sandbox.Sandboxes;
import io.contree.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The engine of one machine: puts its parts together and takes them apart. */
public final class LocalEngine implements Engine {
    private static final Duration LAST_WAIT = Duration.ofSeconds(15);

    private final ServerPaths paths;
    private final ExecutorService workers;
    private final DiskGuard guard;
    private final LiveOperations live;
    private final Upkeep upkeep;
    private final Lane runs;
    private final Lane imports;
    private final LocalOperations operations;
    private final Subprocesses subprocesses;
    private final Images images;
    private final Files files;
    private final Tokens tokens;

    /**
     * Opens an engine. Operations that a stopped predecessor left unfinished are FAILED, with a reason that says so, when
     * this returns. The owner of the parts closes them, after the engine.
     */
    public static Engine open(
            EngineConfig config,
            Store store,
            Sandboxes sandboxes,
            OperationCatalog operations,
            ProjectCatalog projects,
            RetentionCatalog retention,
            RunCacheCatalog cache) {
        return new LocalEngine(config, store, sandboxes, operations, projects, retention, cache, Clock.systemUTC());
    }

    private LocalEngine(
            EngineConfig config,
            Store store,
            Sandboxes sandboxes,
            OperationCatalog operationCatalog,
            ProjectCatalog projects,
            RetentionCatalog retention,
            RunCacheCatalog cache,
            Clock clock) {
        LogDirectory logs = LogDirectory.open(config.data());
        Path parent = config.data().toAbsolutePath().getParent();
        paths = new ServerPaths(parent == null ? config.data() : parent);
        new Interruptions(operationCatalog, logs, clock).recover();
        // Platform threads: work consists of system calls and SQL, which would pin the few carriers of virtual threads.
        workers = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("operation-", 0).factory());
        guard = new DiskGuard(store, config.disk().reserve());
        RunNetwork network = new RunNetwork(config.networkByDefault(), sandboxes::noNetwork);
        Limits limits = new Limits(projects, config, new RunRuntime(sandboxes.runtimes()), network);
        live = new LiveOperations(operationCatalog, paths, clock);
        upkeep = new Upkeep(store, retention, live, logs, config.retention(), config.collectInterval(), clock);
        runs = new Lane("run", config.maxRunning(), config.maxQueued(), workers);
        imports = new Lane("import", config.maxImports(), config.maxQueued(), workers);
        operations = new LocalOperations(
                operationCatalog,
                new RunPreparation(new ImageReference(projects, store), projects, limits),
                live,
                logs,
                new RunCache(cache, logs, config, sandboxes::isolation, clock),
                config,
                guard,
                store,
                upkeep,
                clock,
                runs,
                imports,
                new InstanceRun(new Workplaces(store, sandboxes), config, guard, workers, clock),
                new ImportRun(store, guard, clock));
        subprocesses = new LocalSubprocesses(live, logs);
        images = new LocalImages(projects, retention, store, upkeep, clock);
        files = new LocalFiles(projects, store.files(), guard, clock);
        tokens = new LocalTokens(projects, operationCatalog, limits, upkeep, clock);
    }

    @Override
    public Operations operations() {
        return operations;
    }

    @Override
    public Subprocesses subprocesses() {
        return subprocesses;
    }

    @Override
    public Images images() {
        return images;
    }

    @Override
    public Files files() {
        return files;
    }

    @Override
    public Tokens tokens() {
        return tokens;
    }

    @Override
    public String shown(String message) {
        return paths.hide(message);
    }

    @Override
    public boolean drain(Duration grace) throws InterruptedException {
        runs.stop();
        imports.stop();
        // one that has just ended is still among them for a moment
        boolean any =
                live.all().stream().anyMatch(operation -> !operation.status().isFinal());
        for (LiveOperation operation : live.all()) {
            operations.endIfQueued(operation, interruption(operation));
        }
        long deadline = System.nanoTime() + grace.toNanos();
        for (LiveOperation operation : live.all()) {
            if (!operation.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                Outcome interrupted = interruption(operation);
                if (operation.impose(interrupted)) {
                    operations.endIfQueued(operation, interrupted);
                }
            }
        }
        live.closing();
        long last = System.nanoTime() + LAST_WAIT.toNanos(); // a hanging disk must not keep the server from stopping
        for (LiveOperation operation : live.all()) {
            operation.awaitEnd(Duration.ofNanos(Math.max(0, last - System.nanoTime())));
        }
        return any;
    }

    private static Outcome interruption(LiveOperation operation) {
        return new Outcome.Failed(Interruptions.error(operation.record().kind(), operation.status()));
    }

    @Override
    public void close() {
        boolean interrupted = false;
        try {
            drain(Duration.ZERO);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        live.all().forEach(operation -> operation.log().close());
        upkeep.close();
        guard.close();
        workers.shutdown();
        try {
            // An operation has ended before all that it left is removed.
            var _ = workers.awaitTermination(LAST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
