package io.contree.catalog;

import io.contree.store.ImageCatalog;
import io.contree.store.ImageCatalogSuite;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteImageCatalogTest extends ImageCatalogSuite {
    @TempDir
    private Path directory;

    private SqlCatalog catalog;

    @BeforeEach
    void open() {
        catalog = SqlCatalog.openSqlite(directory.resolve("catalog.db"));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Override
    protected ImageCatalog catalog() {
        return catalog.images();
    }

    @Override
    protected ImageCatalog reopened(ImageCatalog before) {
        close();
        open();
        return catalog.images();
    }
}
