package io.contree.engine.local;

import io.contree.api.OperationEvent;
import io.contree.api.OperationStatus;
import io.contree.api.SpawnRequest;
import io.contree.engine.Caller;
import io.contree.engine.DiskPolicy;
import io.contree.engine.Engine;
import io.contree.engine.EngineConfig;
import io.contree.engine.EventReader;
import io.contree.engine.FakeSandboxes;
import io.contree.engine.FakeStore;
import io.contree.engine.InMemoryCatalog;
import io.contree.engine.NoRetention;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.engine.retention.Retention;
import io.contree.sandbox.SandboxSpec;
import io.contree.store.Image;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An engine on fakes, with one project that has one image. */
final class EngineFixture implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofMillis(100);

    final FakeStore store;
    final InMemoryCatalog catalog;
    final FakeSandboxes sandboxes;
    final EngineConfig config;
    final Caller caller;
    final Image base;
    Engine engine;

    private EngineFixture(EngineConfig config) {
        this.config = config;
        this.store = new FakeStore();
        this.catalog = new InMemoryCatalog();
        this.sandboxes = new FakeSandboxes(store);
        this.engine = LocalEngine.open(config, store, sandboxes, catalog, catalog, new NoRetention(), catalog);
        this.caller = Samples.caller(engine.tokens().firstProject());
        this.base = store.image(Map.of("/etc/passwd", "root"), Map.of("FROM", "image"), "/srv");
        give(caller, base);
    }

    static EngineFixture open(Path data) {
        return open(data, 4, 100);
    }

    static EngineFixture open(EngineConfig config) {
        return new EngineFixture(config);
    }

    static EngineFixture open(Path data, int maxRunning, int maxQueued) {
        return new EngineFixture(new EngineConfig(
                data,
                maxRunning,
                maxRunning,
                maxQueued,
                new SandboxSpec.Limits(64 << 20, 1, 64, 1 << 20),
                Duration.ofHours(1),
                Duration.ofHours(1),
                GRACE,
                Duration.ZERO,
                EngineConfig.DEFAULT_LOG_BUDGET,
                true,
                0,
                true,
                DiskPolicy.DEFAULT,
                Retention.NONE,
                EngineConfig.DEFAULT_COLLECT_INTERVAL,
                EngineConfig.DEFAULT_RUN_CACHE));
    }

    static EngineFixture open(Path data, DiskPolicy disk) {
        EngineConfig defaults = Samples.config(data, 4);
        return new EngineFixture(new EngineConfig(
                data,
                4,
                4,
                100,
                defaults.limits(),
                defaults.maxTimeout(),
                defaults.maxImportTimeout(),
                GRACE,
                Duration.ZERO,
                defaults.logBudget(),
                true,
                0,
                true,
                disk,
                Retention.NONE,
                EngineConfig.DEFAULT_COLLECT_INTERVAL,
                EngineConfig.DEFAULT_RUN_CACHE));
    }

    /** Plays a crash and a restart: what was in memory is gone. */
    void restart() {
        engine = LocalEngine.open(config, store, sandboxes, catalog, catalog, new NoRetention(), catalog);
    }

    /** Makes an image one of the caller's project, as if a run had reached it. */
    void give(Caller to, Image image) {
        OperationRecord run = Samples.load(to.project(), Samples.THEN);
        catalog.accept(run);
        catalog.finish(run.uuid(), Samples.imported(image));
    }

    SpawnRequest request(String command, String... args) {
        return Samples.spawn(base.uuid().toString(), command, args);
    }

    UUID start(String command, String... args) {
        return start(request(command, args));
    }

    UUID start(SpawnRequest request) {
        return engine.operations().spawn(caller, request).operation();
    }

    OperationDetails run(String command, String... args) throws InterruptedException {
        return end(start(command, args));
    }

    OperationDetails run(SpawnRequest request) throws InterruptedException {
        return end(start(request));
    }

    OperationDetails end(UUID operation) throws InterruptedException {
        if (!engine.operations().awaitEnd(caller, operation, LONG)) {
            throw new AssertionError("operation " + operation + " does not end: "
                    + engine.operations().get(caller, operation, true));
        }
        return engine.operations().get(caller, operation, false);
    }

    OperationStatus status(UUID operation) {
        return engine.operations().get(caller, operation, false).summary().status();
    }

    List<OperationEvent> events(UUID operation) throws InterruptedException {
        List<OperationEvent> events = new ArrayList<>();
        try (EventReader reader = engine.operations().events(caller, operation, -1)) {
            while (!reader.ended()) {
                reader.next(LONG).ifPresent(events::add);
            }
        }
        return events;
    }

    @Override
    public void close() {
        engine.close();
    }
}
