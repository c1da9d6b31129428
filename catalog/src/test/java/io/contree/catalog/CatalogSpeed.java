package io.contree.catalog;

import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Measures records per second and the time of one; run by hand: {@code java … CatalogSpeed DIRECTORY}. */
final class CatalogSpeed {
    private static final int WRITES = 2000;

    private CatalogSpeed() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(args[0]), "speed");
        long start = System.nanoTime();
        try (SqlCatalog catalog = SqlCatalog.openSqlite(directory.resolve("catalog.db"))) {
            System.out.printf("first open %.0f ms%n", (System.nanoTime() - start) / 1e6);
            for (int threads : new int[] {1, 1, 4, 16}) {
                measure(catalog, threads);
            }
        }
        start = System.nanoTime();
        SqlCatalog.openSqlite(directory.resolve("catalog.db")).close();
        System.out.printf("second open %.0f ms%n", (System.nanoTime() - start) / 1e6);
    }

    private static void measure(SqlCatalog catalog, int threads) throws InterruptedException {
        UUID project = UUID.randomUUID();
        long[] times = new long[WRITES];
        long start = System.nanoTime();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < WRITES; i++) {
                int index = i;
                executor.execute(() -> {
                    OperationRecord run = Samples.run(project, UUID.randomUUID(), Samples.THEN);
                    long from = System.nanoTime();
                    catalog.operations().accept(run);
                    catalog.operations().finish(run.uuid(), Samples.success(UUID.randomUUID(), Samples.THEN));
                    times[index] = System.nanoTime() - from;
                });
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Arrays.sort(times);
        System.out.printf(
                "%d threads: %.0f operations (two records each) per second, accept + finish p50 %.2f ms, p99 %.2f ms%n",
                threads, WRITES / seconds, times[WRITES / 2] / 1e6, times[WRITES * 99 / 100] / 1e6);
    }
}
