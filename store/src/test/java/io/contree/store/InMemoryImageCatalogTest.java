package io.contree.store;

class InMemoryImageCatalogTest extends ImageCatalogSuite {
    @Override
    protected ImageCatalog catalog() {
        return new InMemoryImageCatalog();
    }
}
