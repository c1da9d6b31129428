package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.store.disk.CatalogLink;
import io.contree.testkit.SeededRandom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
    private static final int FLUSHED = 2;
    private static final int NOT_FLUSHED = 1;

    @TempDir
    private Path directory;

    private static int synchronous(Handle handle) {
        return handle.createQuery("pragma synchronous").mapTo(Integer.class).one();
    }

    private static int synchronous(Database database, boolean relaxed) {
        GroupWriter.Work<Integer> ask = DurabilityTest::synchronous;
        return relaxed ? database.writeRelaxed(ask) : database.write(ask);
    }

    private Database serve(Durability durability) throws Exception {
        CatalogLink link = CatalogLink.of(directory);
        SqlCatalog.serve(link).close();
        return Database.serveSqlite(link.catalog(), link.headroom(), durability);
    }

    @Test
    void strictFlushesEverything() throws Exception {
        try (Database database = serve(Durability.STRICT)) {
            assertThat(synchronous(database, true)).isEqualTo(FLUSHED);
            assertThat(synchronous(database, false)).isEqualTo(FLUSHED);
        }
    }

    @Test
    void relaxedFlushesAllThatIsNotSaidToBeRelaxed() throws Exception {
        try (Database database = serve(Durability.RELAXED)) {
            assertThat(synchronous(database, false)).isEqualTo(FLUSHED);
            assertThat(synchronous(database, true)).isEqualTo(NOT_FLUSHED);
            assertThat(synchronous(database, true)).isEqualTo(NOT_FLUSHED);
            assertThat(synchronous(database, false)).isEqualTo(FLUSHED);
        }
    }

    /** A power cut cuts off the end of the log; where, nobody knows, but not before what was flushed last. */
    @Test
    void aPowerCutTakesBackTheLastOperationsOnly() throws Exception {
        CatalogLink link = CatalogLink.of(directory);
        Path log = Path.of(link.catalog() + "-wal");
        List<OperationRecord> flushed = new ArrayList<>();
        List<OperationRecord> last = new ArrayList<>();
        try (SqlCatalog catalog = SqlCatalog.serve(link, Durability.RELAXED)) {
            UUID project = catalog.projects().firstProject(Samples.THEN);
            UUID image = UUID.randomUUID();
            for (int i = 0; i < 10; i++) {
                flushed.add(run(catalog, project, image));
            }
            catalog.projects().tag(project, image, "kept", Samples.THEN);
            long least = Files.size(log);
            for (int i = 0; i < 10; i++) {
                last.add(run(catalog, project, UUID.randomUUID()));
            }
            byte[] whole = Files.readAllBytes(log);
            SeededRandom.forAll(20, random -> {
                Path copy = directory.resolve("copy" + random.seed() + ".db");
                Files.copy(link.catalog(), copy);
                Files.write(Path.of(copy + "-wal"), Arrays.copyOf(whole, random.between((int) least, whole.length)));
                try (SqlCatalog after = SqlCatalog.openSqlite(copy)) {
                    assertThat(after.projects().imageByTag(project, "kept")).isPresent();
                    assertThat(flushed).allMatch(run -> isKnown(after, run));
                    assertThat(last.stream().map(run -> isKnown(after, run)).toList())
                            .isSortedAccordingTo(Comparator.reverseOrder());
                }
            });
        }
    }

    private static OperationRecord run(SqlCatalog catalog, UUID project, UUID image) {
        OperationRecord run = Samples.run(project, UUID.randomUUID(), Samples.THEN);
        catalog.operations().accept(run);
        catalog.operations().finish(run.uuid(), Samples.success(image, Samples.THEN));
        return run;
    }

    private static boolean isKnown(SqlCatalog catalog, OperationRecord run) {
        return catalog.operations().operation(run.project(), run.uuid()).isPresent();
    }
}
