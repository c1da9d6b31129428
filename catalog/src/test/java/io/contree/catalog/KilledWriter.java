package io.contree.catalog;

import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import java.nio.file.Path;
import java.util.UUID;

/** Main program of the child of {@link KillTest}: writes for ever and says what was acknowledged. */
final class KilledWriter {
    private KilledWriter() {}

    public static void main(String[] args) {
        SqlCatalog catalog = SqlCatalog.openSqlite(Path.of(args[0]));
        UUID project = UUID.fromString(args[1]);
        for (int thread = 0; thread < 4; thread++) {
            Thread.ofPlatform().start(() -> write(catalog, project));
        }
    }

    private static void write(SqlCatalog catalog, UUID project) {
        while (true) {
            OperationRecord run = Samples.run(project, UUID.randomUUID(), Samples.THEN);
            UUID image = UUID.randomUUID();
            catalog.operations().accept(run);
            say("accepted " + run.uuid());
            catalog.operations().finish(run.uuid(), Samples.success(image, Samples.THEN));
            say("reached " + image);
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
