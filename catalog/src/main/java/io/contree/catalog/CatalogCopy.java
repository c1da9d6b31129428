package io.contree.catalog;

import io.contree.store.Digest;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.backup.NamedThings;
import io.contree.store.disk.CatalogLink.Generation;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** A copy that {@link SqlCatalog#copyTo} made: it is read, and never changed. Used by one thread. */
public final class CatalogCopy implements NamedThings {
    private final Path file;
    private final Handle handle;

    private CatalogCopy(Path file, Handle handle) {
        this.file = file;
        this.handle = handle;
    }

    /** @throws StoreException CORRUPT, IO */
    public static CatalogCopy open(Path file) {
        try {
            return new CatalogCopy(
                    file, Jdbi.create(Dialect.unchanging(file.toAbsolutePath())).open());
        } catch (JdbiException e) {
            throw failure(file, e);
        }
    }

    @Override
    public Generation generation() {
        return read(Identity::of)
                .orElseThrow(() -> new StoreException(
                        StoreException.Kind.CORRUPT,
                        "the catalog has no identity yet: start a server of this version on its data directory once"));
    }

    @Override
    public Set<LayerId> layers() {
        return read(SqlImages::layers);
    }

    @Override
    public Set<Digest> files() {
        return new HashSet<>(read(SqlImages::files));
    }

    @Override
    public void forEachOperation(OperationVisitor visitor) {
        read(open -> {
            open.createQuery("select uuid, status from operation")
                    .map((row, context) -> Map.entry(
                            Columns.uuid(row, "uuid"), !row.getString("status").equals("PENDING")))
                    .forEach(operation -> visitor.visit(operation.getKey(), operation.getValue()));
            return true;
        });
    }

    private <T> T read(GroupWriter.Work<T> work) {
        try {
            return work.in(handle);
        } catch (JdbiException e) {
            throw failure(file, e);
        }
    }

    private static StoreException failure(Path file, JdbiException e) {
        return new StoreException(
                Database.kind(e), "cannot read the catalog of a backup, " + file + ": " + Dialect.words(e), e);
    }

    @Override
    public void close() {
        handle.close();
    }
}
