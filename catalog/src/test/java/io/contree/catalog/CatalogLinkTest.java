package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.store.StoreException;
import io.contree.store.disk.CatalogLink;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalog is believed only if it is whole, in the directory that it belongs to, and not older than the data. */
class CatalogLinkTest {
    @TempDir
    private Path directory;

    private Path data;
    private Path file;
    private CatalogLink link;

    @BeforeEach
    void aDirectoryWithALayer() throws Exception {
        data = directory.resolve("data");
        file = data.resolve("catalog.db");
        Files.createDirectories(data);
        link = CatalogLink.of(data);
        SqlCatalog.serve(link).close();
        Files.createDirectories(data.resolve("layers").resolve(UUID.randomUUID().toString()));
    }

    private void refused(String... words) {
        List<Function<CatalogLink, SqlCatalog>> ways = List.of(SqlCatalog::serve, SqlCatalog::administer);
        for (Function<CatalogLink, SqlCatalog> way : ways) {
            assertThatThrownBy(() -> way.apply(link))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                    .hasMessageContainingAll(words);
        }
    }

    @Test
    void aMissingCatalogIsNotReplaced() throws Exception {
        Files.delete(file);
        refused("its catalog (catalog.db) is missing or empty", "put catalog.db back", "choose an empty directory");
        assertThat(file).doesNotExist();

        Files.delete(data.resolve("catalog-link")); // as in a directory of an earlier version
        refused("missing or empty");
        assertThat(file).doesNotExist();
    }

    @Test
    void anUploadIsDataToo() throws Exception {
        Files.delete(file);
        Files.delete(data.resolve("catalog-link"));
        Files.move(data.resolve("layers"), data.resolve("files"));
        refused("missing or empty");
    }

    @Test
    void anEmptyCatalogIsLeftAsItIs() throws Exception {
        Files.write(file, new byte[0]);
        refused("missing or empty");
        assertThat(file).isEmptyFile();
    }

    @Test
    void aDatabaseWithoutACatalogIsNoCatalog() throws Exception {
        Files.delete(file);
        try (var connection = Dialect.writer(file).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("pragma user_version = 1");
        }
        Files.delete(data.resolve("catalog-link"));
        refused("missing or empty");
        refused("missing or empty"); // the first attempt made none
    }

    @Test
    void anOlderCopyIsRefusedUntilTheOperatorSaysSo() throws Exception {
        Path copy = directory.resolve("copy");
        Files.copy(file, copy);
        SqlCatalog.serve(link).close();
        Files.copy(file, directory.resolve("newest"));
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);

        refused("is older than its data", "opened 1 times and not 2", "delete the file \"catalog-link\"", "set-aside");

        Files.copy(directory.resolve("newest"), file, StandardCopyOption.REPLACE_EXISTING);
        SqlCatalog.serve(link).close();
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(data.resolve("catalog-link"));
        SqlCatalog.serve(link).close();
        SqlCatalog.serve(link).close();
    }

    @Test
    void theCatalogOfAnotherDirectoryIsRefused() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        SqlCatalog.serve(CatalogLink.of(other)).close();
        Files.copy(other.resolve("catalog.db"), file, StandardCopyOption.REPLACE_EXISTING);

        refused("is not the one it had");
    }

    @Test
    void aDamagedCatalogIsReportedAndNotBelieved() throws Exception {
        try (SqlCatalog catalog = SqlCatalog.serve(link)) {
            for (int i = 0; i < 200; i++) {
                OperationRecord run = Samples.run(UUID.randomUUID(), UUID.randomUUID(), Samples.THEN);
                catalog.operations().accept(run);
            }
        }
        long size = Files.size(file);
        assertThat(size).isGreaterThan(100_000);
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            damaged.seek(size / 2);
            damaged.write(new byte[(int) (size / 4)]);
        }

        assertThatThrownBy(() -> SqlCatalog.serve(link))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                .hasMessageContainingAll("the file is damaged", "put back the newest copy", ".recover");
    }

    @Test
    void anOperatorCountsForNothing() {
        for (int i = 0; i < 3; i++) {
            try (SqlCatalog operator = SqlCatalog.administer(link)) {
                operator.projects().firstProject(Instant.now());
            }
        }
        SqlCatalog.serve(link).close();
        assertThat(data.resolve("catalog-link")).content().endsWith(" 2\n");
    }

    @Test
    void aDirectoryOfAnEarlierVersionIsTaken() throws Exception {
        Path earlier = Files.createDirectories(directory.resolve("earlier/layers/one"))
                .getParent()
                .getParent();
        try (SqlCatalog catalog = SqlCatalog.openSqlite(earlier.resolve("catalog.db"))) {
            catalog.projects().firstProject(Instant.now());
        }
        SqlCatalog.serve(CatalogLink.of(earlier)).close();
        assertThat(earlier.resolve("catalog-link")).content().endsWith(" 1\n");
    }
}
