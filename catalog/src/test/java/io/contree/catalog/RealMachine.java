package io.contree.catalog;

import io.contree.api.Encoding;
import io.contree.api.OperationStatus;
import io.contree.api.ProcessRequest;
import io.contree.api.SpawnRequest;
import io.contree.api.Stdin;
import io.contree.api.StreamRepr;
import io.contree.engine.Caller;
import io.contree.engine.DiskPolicy;
import io.contree.engine.Engine;
import io.contree.engine.EngineConfig;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.engine.local.LocalEngine;
import io.contree.engine.retention.Retention;
import io.contree.linux.IdMapping;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import io.contree.sandbox.oci.OciSandboxes;
import io.contree.store.Image;
import io.contree.store.Store;
import io.contree.store.StoreConfig;
import io.contree.store.overlay.OverlayStore;
import io.contree.store.overlay.TreeImage;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** An engine on real parts: SQLite, overlays, crun. It has one image, made of busybox. */
final class RealMachine implements AutoCloseable {
    static final Duration LONG = Duration.ofMinutes(2);

    final Path directory;
    final SqlCatalog catalog;
    final Store store;
    final Sandboxes sandboxes;
    final Engine engine;
    final Caller caller;
    final UUID base;

    RealMachine(int maxRunning) throws IOException, InterruptedException {
        directory = Files.createTempDirectory("contree-engine");
        Path tree = RootFs.busybox(Files.createDirectory(directory.resolve("tree")));
        catalog = SqlCatalog.openSqlite(directory.resolve("data/catalog.db"));
        store = OverlayStore.open(
                new StoreConfig(directory.resolve("data"), Optional.of(IdMapping.DEFAULT), false), catalog.images());
        sandboxes = OciSandboxes.open(
                new SandboxConfig("crun", directory.resolve("sandboxes"), Optional.of(IdMapping.DEFAULT)));
        engine = LocalEngine.open(
                config(maxRunning),
                store,
                sandboxes,
                catalog.operations(),
                catalog.projects(),
                catalog.retention(),
                catalog.runCache());
        caller = Samples.caller(engine.tokens().firstProject());
        base = give(TreeImage.of(store, tree));
    }

    private EngineConfig config(int maxRunning) {
        EngineConfig defaults = Samples.config(directory.resolve("data/operations"), maxRunning);
        return new EngineConfig(
                defaults.data(),
                maxRunning,
                1,
                defaults.maxQueued(),
                new SandboxSpec.Limits(128L << 20, 2, 64, 16L << 20),
                defaults.maxTimeout(),
                defaults.maxImportTimeout(),
                defaults.timeoutGrace(),
                defaults.endGrace(),
                defaults.logBudget(),
                true,
                0,
                true,
                DiskPolicy.DEFAULT,
                Retention.NONE,
                EngineConfig.DEFAULT_COLLECT_INTERVAL,
                EngineConfig.DEFAULT_RUN_CACHE);
    }

    private UUID give(Image image) {
        OperationRecord load = Samples.load(caller.project(), Samples.THEN);
        catalog.operations().accept(load);
        catalog.operations().finish(load.uuid(), Samples.imported(image));
        return image.uuid();
    }

    /** A shell run. */
    static SpawnRequest shell(UUID image, String command, int timeout) {
        ProcessRequest process =
                new ProcessRequest(command, List.of(), true, new TreeMap<>(), "", 0, 0, "", Stdin.EMPTY, 1 << 20);
        return SpawnRequest.builder(process, image.toString()).timeout(timeout).build();
    }

    UUID start(SpawnRequest request) {
        return engine.operations().spawn(caller, request).operation();
    }

    OperationDetails end(UUID operation) throws InterruptedException {
        if (!engine.operations().awaitEnd(caller, operation, LONG)) {
            throw new AssertionError("operation " + operation + " does not end");
        }
        return engine.operations().get(caller, operation, false);
    }

    OperationDetails run(UUID image, String command) throws InterruptedException {
        return end(start(shell(image, command, 60)));
    }

    /** The state that a command makes of an image; the command must succeed. */
    UUID after(UUID image, String command) throws InterruptedException {
        OperationDetails details = run(image, command);
        if (details.summary().status() != OperationStatus.SUCCESS
                || details.result().orElseThrow().state().exitCode() != 0) {
            throw new AssertionError(command + ": " + details);
        }
        return details.summary().resultImageUuid();
    }

    static String text(StreamRepr stream) {
        return stream.encoding() == Encoding.ASCII
                ? stream.value()
                : new String(Base64.getDecoder().decode(stream.value()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        engine.close();
        sandboxes.close();
        store.close();
        catalog.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
