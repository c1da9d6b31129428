package io.contree.engine;

import io.contree.engine.cache.RunCacheCatalog;

class InMemoryCatalogTest extends CatalogSuite {
    private final InMemoryCatalog catalog = new InMemoryCatalog();

    @Override
    protected OperationCatalog operations() {
        return catalog;
    }

    @Override
    protected ProjectCatalog projects() {
        return catalog;
    }

    @Override
    protected RunCacheCatalog runCache() {
        return catalog;
    }
}
