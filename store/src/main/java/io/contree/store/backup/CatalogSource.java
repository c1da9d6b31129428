package io.contree.store.backup;

import java.io.IOException;
import java.nio.file.Path;

/** What a backup has to know of catalogs, which are no business of the store. */
public interface CatalogSource {
    /** Writes a copy of the catalog as it is at one moment; its server goes on writing to it. The file is not there yet. */
    void copyTo(Path file) throws IOException;

    /** Opens a copy, which stays as it is. */
    NamedThings open(Path copy);
}
