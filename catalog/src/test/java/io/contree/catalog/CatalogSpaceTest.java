package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.store.disk.CatalogLink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What removed records took up is the disk's again. */
class CatalogSpaceTest {
    private static final int MANY = 150;
    private static final long LONG = (long) MANY * LargeRecords.BYTES;
    private static final long SHORT = 3 << 20;

    @TempDir
    private Path directory;

    private CatalogLink link() {
        return CatalogLink.of(directory);
    }

    private long length() throws Exception {
        return Files.size(link().catalog());
    }

    private static void requireWhole(SqlCatalog catalog, List<UUID> images) {
        assertThat(catalog.records().problems()).isEmpty();
        assertThat(images)
                .allSatisfy(image -> assertThat(catalog.images().config(image)).hasValue(LargeRecords.config(image)));
    }

    @Test
    void theFileGetsShorterWhileOthersWrite() throws Exception {
        try (SqlCatalog catalog = SqlCatalog.serve(link())) {
            List<UUID> gone = LargeRecords.make(catalog, MANY);
            List<UUID> kept = LargeRecords.make(catalog, 5);
            LargeRecords.forget(catalog, gone);
            long before = length();
            assertThat(before).isGreaterThan(LONG - (16 << 20)).isGreaterThan(SHORT);
            AtomicBoolean ended = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> {
                while (!ended.get()) {
                    LargeRecords.forget(catalog, LargeRecords.make(catalog, 1));
                }
            });
            catalog.images().giveBackSpace();
            ended.set(true);
            writer.join();
            catalog.images().giveBackSpace();
            assertThat(length()).isLessThan(before).isLessThan(SHORT);
            requireWhole(catalog, kept);
            LargeRecords.make(catalog, 20);
            requireWhole(catalog, kept);
        }
        assertThat(length()).isLessThan(SHORT + 20 * LargeRecords.BYTES);
    }

    @Test
    void aCatalogOfAnEarlierVersionDoesSoFromItsNextStartOn() throws Exception {
        List<UUID> kept;
        try (SqlCatalog earlier = SqlCatalog.openSqlite(link().catalog())) {
            List<UUID> gone = LargeRecords.make(earlier, MANY);
            kept = LargeRecords.make(earlier, 5);
            LargeRecords.forget(earlier, gone);
            earlier.images().giveBackSpace();
        }
        assertThat(length()).isGreaterThan(LONG);
        try (SqlCatalog catalog = SqlCatalog.serve(link())) {
            assertThat(length()).isLessThan(SHORT);
            requireWhole(catalog, kept);
            LargeRecords.forget(catalog, LargeRecords.make(catalog, MANY));
            catalog.images().giveBackSpace();
            assertThat(length()).isLessThan(SHORT);
            requireWhole(catalog, kept);
        }
    }
}
