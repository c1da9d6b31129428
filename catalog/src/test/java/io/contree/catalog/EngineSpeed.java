package io.contree.catalog;

import io.contree.api.SpawnRequest;
import io.contree.engine.Caller;
import io.contree.engine.Engine;
import io.contree.engine.FakeSandboxes;
import io.contree.engine.FakeStore;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.engine.local.LocalEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/** Measures what engine and SQLite add to a run, on fakes of the rest; run by hand: {@code … EngineSpeed DIRECTORY}. */
final class EngineSpeed {
    private static final int RUNS = 1000;

    private EngineSpeed() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(args[0]), "speed");
        FakeStore store = new FakeStore();
        try (SqlCatalog catalog = SqlCatalog.openSqlite(directory.resolve("catalog.db"));
                FakeSandboxes sandboxes = new FakeSandboxes(store);
                Engine engine = LocalEngine.open(
                        Samples.config(directory.resolve("operations"), 4),
                        store,
                        sandboxes,
                        catalog.operations(),
                        catalog.projects(),
                        catalog.retention(),
                        catalog.runCache())) {
            Caller caller = Samples.caller(engine.tokens().firstProject());
            UUID image = store.image(Map.of("/etc/passwd", "root")).uuid();
            OperationRecord load = Samples.load(caller.project(), Samples.THEN);
            catalog.operations().accept(load);
            OperationEnd reached = Samples.importedAs(image, "base", Samples.THEN);
            catalog.operations().finish(load.uuid(), reached);
            for (int round = 0; round < 4; round++) {
                measure(engine, caller, image);
            }
        }
    }

    private static void measure(Engine engine, Caller caller, UUID image) throws InterruptedException {
        double[] whole = new double[RUNS];
        double[] accept = new double[RUNS];
        SpawnRequest request = Samples.spawn(image.toString(), "true");
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            UUID operation = engine.operations().spawn(caller, request).operation();
            accept[i] = (System.nanoTime() - start) / 1e6;
            if (!engine.operations().awaitEnd(caller, operation, Duration.ofMinutes(1))) {
                throw new AssertionError("operation " + operation + " does not end");
            }
            whole[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(whole);
        Arrays.sort(accept);
        System.out.printf(
                "engine and catalog add p50 %.2f ms, p90 %.2f ms to a run; acceptance alone p50 %.2f ms, p90 %.2f ms%n",
                whole[RUNS / 2], whole[RUNS * 9 / 10], accept[RUNS / 2], accept[RUNS * 9 / 10]);
    }
}
