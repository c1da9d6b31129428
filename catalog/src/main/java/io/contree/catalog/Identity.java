package io.contree.catalog;

import io.contree.store.disk.CatalogLink.Generation;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Which catalog a database is, and how often a server has opened it. */
final class Identity {
    private Identity() {}

    /** Empty for one that no server of this version has opened yet. */
    static Optional<Generation> of(Database database) {
        return database.read(Identity::of);
    }

    static Optional<Generation> of(Handle handle) {
        return handle.createQuery("select uuid, generation from catalog_identity")
                .map((row, context) -> new Generation(Columns.uuid(row, "uuid"), row.getLong("generation")))
                .findOne();
    }

    /** Counts up; on disk on return. */
    static Generation next(Database database) {
        return database.write(handle -> {
            Generation next = of(handle)
                    .map(last -> new Generation(last.catalog(), last.number() + 1))
                    .orElseGet(() -> new Generation(UUID.randomUUID(), 1));
            handle.createUpdate("insert into catalog_identity (uuid, generation) values (:uuid, :generation)"
                            + " on conflict (uuid) do update set generation = excluded.generation")
                    .bind("uuid", next.catalog().toString())
                    .bind("generation", next.number())
                    .execute();
            return next;
        });
    }
}
