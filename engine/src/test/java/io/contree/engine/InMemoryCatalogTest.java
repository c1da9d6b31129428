package io.contree.engine;

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
}
