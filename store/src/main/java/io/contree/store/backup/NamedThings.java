package io.contree.store.backup;

import io.contree.store.Digest;
import io.contree.store.LayerId;
import io.contree.store.disk.CatalogLink;
import java.util.Set;
import java.util.UUID;

/** What the copy of a catalog names, and so a backup has to have. */
public interface NamedThings extends AutoCloseable {
    /** Is shown operations one by one. */
    interface OperationVisitor {
        /** @param ended whether nothing more is written to its log */
        void visit(UUID operation, boolean ended);
    }

    CatalogLink.Generation generation();

    Set<LayerId> layers();

    Set<Digest> files();

    void forEachOperation(OperationVisitor visitor);

    @Override
    void close();
}
