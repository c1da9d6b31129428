package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.OperationStatus;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.engine.StoredForm;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    @TempDir
    private Path directory;

    @Test
    void theShortCutKnowsTheNewestMigration() {
        DataSource source = Dialect.writer(directory.resolve("catalog.db"));
        assertThat(Schema.isCurrent(source)).isFalse();
        Schema.migrate(source);

        assertThat(Schema.isCurrent(source)).isTrue();
        assertThat(Schema.flyway(source).info().pending()).isEmpty();
        assertThat(Schema.flyway(source).info().current().getVersion().getVersion())
                .isEqualTo(Schema.VERSION);
    }

    /** A data directory of a version that did not keep outcomes. */
    @Test
    void aRunOfAnOlderVersionHasNoOutcome() {
        Path file = directory.resolve("catalog.db");
        UUID project = UUID.randomUUID();
        OperationRecord run = Samples.run(project, UUID.randomUUID(), Samples.THEN);
        olderThan3(file);
        try (SqlCatalog catalog = SqlCatalog.openSqlite(file)) {
            OperationRecord old =
                    catalog.operations().operation(OLD_PROJECT, OLD_RUN).orElseThrow();
            assertThat(old.status()).isEqualTo(OperationStatus.SUCCESS);
            assertThat(old.end().orElseThrow().run()).isEmpty();

            catalog.operations().accept(run);
            catalog.operations().finish(run.uuid(), Samples.success(UUID.randomUUID(), Samples.THEN));
            assertThat(catalog.operations()
                            .operation(project, run.uuid())
                            .orElseThrow()
                            .end())
                    .get()
                    .extracting(OperationEnd::run)
                    .isEqualTo(Optional.of(Samples.RUN_OUTCOME));
        }
    }

    private static final UUID OLD_PROJECT = UUID.fromString("01234567-89ab-8cde-8f01-000000000001");
    private static final UUID OLD_RUN = UUID.fromString("01234567-89ab-8cde-8f01-000000000002");

    private static void olderThan3(Path file) {
        DataSource source = Dialect.writer(file);
        Flyway.configure()
                .configuration(Schema.flyway(source).getConfiguration())
                .target("2")
                .load()
                .migrate();
        Jdbi.create(source)
                .useHandle(handle -> handle.execute(
                        "insert into operation (uuid, project, kind, status, created_at, image, command, request, ended_at,"
                                + " duration_micros, exit) values (?, ?, 'instance', 'SUCCESS', 1, ?, 'true', ?, 2, 1, ?)",
                        OLD_RUN.toString(),
                        OLD_PROJECT.toString(),
                        OLD_RUN.toString(),
                        StoredForm.of(new OperationDetails.Instance(Samples.spawn(OLD_RUN.toString(), "true"))),
                        StoredForm.of(Samples.exit(0))));
    }

    @Test
    void aFileThatIsNoDatabaseIsRefused() throws IOException {
        Path file = directory.resolve("catalog.db");
        Files.writeString(file, "this is no database, and it is longer than a header".repeat(100));

        assertThatThrownBy(() -> SqlCatalog.openSqlite(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).content().startsWith("this is no database");
    }

    @Test
    void directoriesAreMade() {
        Path file = directory.resolve("a/b/catalog.db");
        SqlCatalog.openSqlite(file).close();
        assertThat(file).exists();
    }
}
