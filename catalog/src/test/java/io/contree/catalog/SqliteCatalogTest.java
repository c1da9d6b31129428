package io.contree.catalog;

import io.contree.engine.CatalogSuite;
import io.contree.engine.OperationCatalog;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.cache.RunCacheCatalog;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteCatalogTest extends CatalogSuite {
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
    protected OperationCatalog operations() {
        return catalog.operations();
    }

    @Override
    protected ProjectCatalog projects() {
        return catalog.projects();
    }

    @Override
    protected RunCacheCatalog runCache() {
        return catalog.runCache();
    }

    @Override
    protected void reopen() {
        close();
        open();
    }
}
