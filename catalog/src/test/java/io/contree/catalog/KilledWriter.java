package io.contree.catalog;

import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.store.disk.CatalogLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Main program of the child of {@link KillTest}: serves a data directory, writes endlessly and says what was
 * acknowledged. With "drop locks" it opens and closes its own files after each write, which drops the locks that
 * SQLite has on them, and then idles: nobody may delete a log that is being written. With "give back" the file gets longer and
 * shorter all the time.
 */
final class KilledWriter {
    private static final int IDLE_MILLIS = 10;

    private KilledWriter() {}

    public static void main(String[] args) {
        CatalogLink link = CatalogLink.of(Path.of(args[0]));
        SqlCatalog catalog = SqlCatalog.serve(link);
        UUID project = UUID.fromString(args[1]);
        String mode = args.length > 2 ? args[2] : "";
        boolean drops = mode.equals("drop locks");
        if (mode.equals("give back")) {
            Thread.ofPlatform().start(() -> {
                while (true) {
                    LargeRecords.forget(catalog, LargeRecords.make(catalog, 60));
                    catalog.images().giveBackSpace();
                }
            });
        }
        for (int thread = 0; thread < (drops ? 1 : 4); thread++) {
            Thread.ofPlatform().start(() -> {
                while (true) {
                    write(catalog, project);
                    if (drops) {
                        dropLocks(link.catalog());
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS));
                    }
                }
            });
        }
    }

    private static void dropLocks(Path file) {
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            try (InputStream in = Files.newInputStream(Path.of(file + suffix))) {
                in.readNBytes(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void write(SqlCatalog catalog, UUID project) {
        OperationRecord run = Samples.run(project, UUID.randomUUID(), Samples.THEN);
        UUID image = UUID.randomUUID();
        catalog.operations().accept(run);
        say("accepted " + run.uuid());
        catalog.operations().finish(run.uuid(), Samples.success(image, Samples.THEN));
        say("reached " + image);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
