package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
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
