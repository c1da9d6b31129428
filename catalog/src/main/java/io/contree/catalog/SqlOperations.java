package io.contree.catalog;

import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.OperationCatalog;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Operations;
import io.contree.engine.Outcome;
import io.contree.engine.Page;
import io.contree.engine.StoredForm;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Records of operations. */
final class SqlOperations implements OperationCatalog {
    private static final String SUMMARY = "select uuid, kind, status, error, created_at, duration_micros, image,"
            + " result_image, image_size, cpu_micros, max_rss, cached_from from operation";

    private final Database database;

    SqlOperations(Database database) {
        this.database = database;
    }

    @Override
    public void accept(OperationRecord operation) {
        database.writeRelaxed(handle -> accept(handle, operation));
    }

    static int accept(Handle handle, OperationRecord operation) {
        operation
                .image()
                .ifPresent(image ->
                        ProjectImages.use(handle, operation.project().toString(), image, operation.createdAt()));
        return handle.createUpdate("insert into operation"
                        + " (uuid, project, kind, status, created_at, image, command, request)"
                        + " values (:uuid, :project, :kind, :status, :createdAt, :image, :command, :request)")
                .bind("uuid", operation.uuid().toString())
                .bind("project", operation.project().toString())
                .bind("kind", operation.kind().wire())
                .bind("status", OperationStatus.PENDING.name())
                .bind("createdAt", Columns.micros(operation.createdAt()))
                .bind("image", Columns.text(operation.image()))
                .bind("command", operation.command().orElse(null))
                .bind("request", StoredForm.of(operation.request()))
                .execute();
    }

    @Override
    public Optional<OperationRecord> operation(UUID project, UUID operation) {
        return database.read(
                handle -> handle.createQuery("select * from operation where uuid = :uuid and project = :project")
                        .bind("uuid", operation.toString())
                        .bind("project", project.toString())
                        .map((row, context) -> OperationRows.record(row))
                        .findOne());
    }

    @Override
    public List<OperationSummary> operations(UUID project, Operations.Filter filter, Page page) {
        Condition condition = new Condition("project = :project", "project", project.toString())
                .and("status = :status", "status", filter.status().map(OperationStatus::name))
                .and("kind = :kind", "kind", filter.kind().map(OperationKind::wire))
                .and("created_at >= :since", "since", filter.since().map(Columns::micros))
                .and("created_at <= :until", "until", filter.until().map(Columns::micros));
        return database.read(handle -> condition
                .query(handle, SUMMARY, "order by created_at desc, uuid desc", page)
                .map((row, context) -> OperationRows.summary(row))
                .list());
    }

    @Override
    public boolean finish(UUID operation, OperationEnd end) {
        return database.writeRelaxed(handle -> finish(handle, operation, end));
    }

    static boolean finish(Handle handle, UUID operation, OperationEnd end) {
        if (record(handle, operation, end) == 0) {
            return false;
        }
        end.outcome().reached().ifPresent(image -> reach(handle, operation, end, image));
        end.cacheKey().ifPresent(key -> SqlRunCache.remember(handle, operation, key, end.endedAt()));
        return true;
    }

    private static int record(Handle handle, UUID operation, OperationEnd end) {
        Outcome outcome = end.outcome();
        return handle.createUpdate("update operation set status = :status, error = :error, ended_at = :endedAt,"
                        + " duration_micros = :duration, result_image = :image, result_content = :content,"
                        + " result_tag = :tag, image_size = :size, cpu_micros = :cpu, max_rss = :rss, exit = :exit, outcome = :outcome,"
                        + " cached_from = :cachedFrom"
                        + " where uuid = :uuid and status = 'PENDING'")
                .bind("uuid", operation.toString())
                .bind("status", outcome.status().name())
                .bind("error", outcome.error().orElse(null))
                .bind("endedAt", Columns.micros(end.endedAt()))
                .bind("duration", end.duration().toNanos() / 1000)
                .bind("image", Columns.text(outcome.reached().map(Outcome.Reached::uuid)))
                .bind(
                        "content",
                        outcome.reached()
                                .map(image -> image.contentDigest().hex())
                                .orElse(null))
                .bind("tag", outcome.tag().orElse(null))
                .bind("size", outcome.imageSize().orElse(null))
                .bind("cpu", end.cpuMicros().orElse(null))
                .bind("rss", end.maxRss().orElse(null))
                .bind("exit", outcome.exit().map(StoredForm::of).orElse(null))
                .bind("outcome", end.run().map(StoredForm::of).orElse(null))
                .bind("cachedFrom", Columns.text(end.cachedFrom()))
                .execute();
    }

    private static void reach(Handle handle, UUID operation, OperationEnd end, Outcome.Reached image) {
        String project = handle.createQuery("select project from operation where uuid = :uuid")
                .bind("uuid", operation.toString())
                .mapTo(String.class)
                .one();
        ProjectImages.grant(handle, project, image, operation, end.endedAt());
        end.outcome().tag().ifPresent(tag -> ProjectImages.tag(handle, project, image.uuid(), tag, end.endedAt()));
        handle.createUpdate("insert into lineage (operation, project, input, command, output, at, cached_from)"
                        + " select uuid, project, image, command, result_image, ended_at, cached_from from operation"
                        + " where uuid = :uuid and image is not null and image <> result_image")
                .bind("uuid", operation.toString())
                .execute();
    }

    /** A pending row has an end time only if it is to be CANCELLED. */
    @Override
    public void cancel(UUID operation, Instant at) {
        database.write(handle -> handle.createUpdate("update operation set ended_at = :at"
                        + " where uuid = :uuid and status = 'PENDING' and ended_at is null")
                .bind("uuid", operation.toString())
                .bind("at", Columns.micros(at))
                .execute());
    }

    @Override
    public Set<UUID> cancelled() {
        return database.read(handle -> handle.createQuery(
                        "select uuid from operation where status = 'PENDING' and ended_at is not null")
                .map((row, context) -> Columns.uuid(row, "uuid"))
                .set());
    }

    @Override
    public List<OperationRecord> unfinished() {
        return database.read(handle -> handle.createQuery(
                        "select * from operation where status = 'PENDING' order by created_at, uuid")
                .map((row, context) -> OperationRows.record(row))
                .list());
    }

    @Override
    public Map<OperationStatus, Long> counts(UUID project) {
        return database.read(handle -> {
            Map<OperationStatus, Long> counts = new EnumMap<>(OperationStatus.class);
            handle.createQuery("select status, count(*) as n from operation where project = :project group by status")
                    .bind("project", project.toString())
                    .map((row, context) ->
                            Map.entry(OperationStatus.valueOf(row.getString("status")), row.getLong("n")))
                    .forEach(count -> counts.put(count.getKey(), count.getValue()));
            return counts;
        });
    }
}
