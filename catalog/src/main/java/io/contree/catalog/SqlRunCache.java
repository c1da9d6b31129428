package io.contree.catalog;

import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.cache.RunCacheCatalog;
import io.contree.store.Digest;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Records of runs that answer for equal ones: rows of operation with a key. */
final class SqlRunCache implements RunCacheCatalog {
    /** Of a row {@code o} of operation: whoever reads its log and its image later finds them. */
    private static final String WHOLE = " not o.log_removed and (o.result_image is null or exists"
            + " (select 1 from project_image i where i.project = o.project and i.image = o.result_image))";

    private final Database database;

    SqlRunCache(Database database) {
        this.database = database;
    }

    @Override
    public Optional<OperationRecord> repeatable(UUID project, Digest key) {
        return database.read(handle -> handle.createQuery("select * from operation o where o.project = :project"
                        + " and o.cache_key = :key and" + WHOLE + " order by o.ended_at desc limit 1")
                .bind("project", project.toString())
                .bind("key", key.hex())
                .map((row, context) -> OperationRows.record(row))
                .findOne());
    }

    @Override
    public boolean repeat(OperationRecord repetition) {
        OperationEnd end = repetition.end().orElseThrow();
        UUID from = end.cachedFrom().orElseThrow();
        return database.writeRelaxed(handle -> {
            if (!use(handle, repetition.project(), from, end.endedAt())) {
                return false;
            }
            SqlOperations.accept(handle, repetition);
            return SqlOperations.finish(handle, repetition.uuid(), end);
        });
    }

    private static boolean use(Handle handle, UUID project, UUID run, Instant now) {
        return handle.createUpdate("update operation as o set cache_used_at = :now"
                                + " where o.uuid = :run and o.project = :project and" + WHOLE)
                        .bind("now", Columns.micros(now))
                        .bind("run", run.toString())
                        .bind("project", project.toString())
                        .execute()
                == 1;
    }

    /** In the transaction that records its end: from now on this run, and no earlier one, answers for equal ones. */
    static void remember(Handle handle, UUID run, Digest key, Instant now) {
        handle.createUpdate("update operation set cache_key = null where cache_key = :key"
                        + " and project = (select project from operation where uuid = :run)")
                .bind("key", key.hex())
                .bind("run", run.toString())
                .execute();
        handle.createUpdate("update operation set cache_key = :key, cache_used_at = :now where uuid = :run")
                .bind("key", key.hex())
                .bind("now", Columns.micros(now))
                .bind("run", run.toString())
                .execute();
    }

    @Override
    public void keepCached(int most) {
        database.write(handle -> {
            long count = handle.createQuery("select count(*) from operation where cache_key is not null")
                    .mapTo(Long.class)
                    .one();
            return handle.createUpdate("update operation set cache_key = null where uuid in (select uuid from operation"
                            + " where cache_key is not null order by cache_used_at, uuid limit :excess)")
                    .bind("excess", Math.max(0, count - most))
                    .execute();
        });
    }
}
