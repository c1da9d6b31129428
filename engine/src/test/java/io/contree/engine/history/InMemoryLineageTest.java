package io.contree.engine.history;

import io.contree.engine.InMemoryCatalog;
import io.contree.engine.OperationCatalog;
import io.contree.engine.ProjectCatalog;

class InMemoryLineageTest extends LineageSuite {
    private final InMemoryCatalog catalog = new InMemoryCatalog();

    @Override
    protected OperationCatalog operations() {
        return catalog;
    }

    @Override
    protected ProjectCatalog projects() {
        return catalog;
    }
}
