package io.contree.catalog;

import io.contree.engine.retention.Retention;
import io.contree.engine.retention.RetentionCatalog;
import io.contree.store.Digest;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Records of what projects keep. */
final class SqlRetention implements RetentionCatalog {
    private static final String PENDING = "i.image in (select image from operation where project = :project"
            + " and status = 'PENDING' and image is not null)";

    /** Of a row {@code i} of project_image. */
    private static final String IDLE = "i.pinned_at is null and not " + PENDING
            + " and not exists (select 1 from tag t where t.project = i.project and t.image = i.image)";

    private static final String UPLOAD_USED = "case when used_at > updated_at then used_at else updated_at end";

    private static final String IMAGE_USED = "coalesce(i.used_at, i.created_at)";

    private final Database database;

    SqlRetention(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Needs> needs(UUID project, UUID image) {
        return database.read(handle -> needs(handle, project, image));
    }

    private static Optional<Needs> needs(Handle handle, UUID project, UUID image) {
        return of(
                        handle.createQuery("select i.pinned_at is not null as pinned, (select count(*) from operation o"
                                + " where o.project = i.project and o.image = i.image and o.status = 'PENDING') as operations"
                                + " from project_image i where i.project = :project and i.image = :image"),
                        project,
                        image)
                .map((row, context) ->
                        new Needs(tags(handle, project, image), row.getBoolean("pinned"), row.getInt("operations")))
                .findOne();
    }

    private static List<String> tags(Handle handle, UUID project, UUID image) {
        return of(
                        handle.createQuery(
                                "select name from tag where project = :project and image = :image order by name"),
                        project,
                        image)
                .mapTo(String.class)
                .list();
    }

    private static <S extends SqlStatement<S>> S of(S statement, UUID project, UUID image) {
        return statement.bind("project", project.toString()).bind("image", image.toString());
    }

    @Override
    public Optional<Needs> remove(UUID project, UUID image, boolean force) {
        return database.remove(handle -> {
            Optional<Needs> needs = needs(handle, project, image);
            if (needs.isPresent() && (force || !needs.get().any())) {
                of(handle.createUpdate("delete from tag where project = :project and image = :image"), project, image)
                        .execute();
                giveUp(handle, project, image);
            }
            return needs;
        });
    }

    private static void giveUp(Handle handle, UUID project, UUID image) {
        of(handle.createUpdate("delete from project_image where project = :project and image = :image"), project, image)
                .execute();
        of(handle.createUpdate("delete from image_label where project = :project and image = :image"), project, image)
                .execute();
        forgetSteps(handle, project, "output", image);
        SqlReleased.release(handle, SqlReleased.Kind.IMAGE, Stream.of(image.toString()));
    }

    /** Those that lead to nothing the project has, once the records of their runs are gone too: else they would be more with every run. */
    private static void forgetSteps(Handle handle, UUID project, String column, UUID value) {
        handle.createUpdate("delete from lineage where project = :project and " + column + " = :value"
                        + " and not exists (select 1 from project_image p where p.project = lineage.project and p.image = lineage.output)"
                        + " and not exists (select 1 from operation o where o.uuid = lineage.operation)")
                .bind("project", project.toString())
                .bind("value", value.toString())
                .execute();
    }

    @Override
    public boolean isElsewhere(UUID project, UUID image) {
        return database.read(handle -> of(
                        handle.createQuery(
                                "select exists (select 1 from project_image where image = :image"
                                        + " and project <> :project) or exists (select 1 from public_tag where image = :image)"),
                        project,
                        image)
                .mapTo(Boolean.class)
                .one());
    }

    @Override
    public boolean pin(UUID project, UUID image, boolean pinned, Instant now) {
        return database.write(handle -> ProjectImages.keep(handle, project, image, now)
                && of(
                                        handle.createUpdate("update project_image set pinned_at = :at"
                                                + " where project = :project and image = :image"),
                                        project,
                                        image)
                                .bind("at", pinned ? Columns.micros(now) : null)
                                .execute()
                        == 1);
    }

    @Override
    public void used(UUID project, UUID image, Instant now) {
        database.write(handle -> {
            ProjectImages.use(handle, project.toString(), image, now);
            return true;
        });
    }

    @Override
    public void used(UUID project, Collection<Digest> uploads, Instant now) {
        database.write(handle -> {
            for (Digest upload : uploads) {
                handle.createUpdate(
                                "update project_file set used_at = :now where project = :project and digest = :digest")
                        .bind("now", Columns.micros(now))
                        .bind("project", project.toString())
                        .bind("digest", upload.hex())
                        .execute();
            }
            return true;
        });
    }

    @Override
    public boolean isWithoutLog(UUID operation) {
        return database.read(handle -> handle.createQuery("select log_removed from operation where uuid = :uuid")
                .bind("uuid", operation.toString())
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false));
    }

    @Override
    public Optional<String> rules(UUID project) {
        return database.read(handle -> handle.createQuery(
                        "select retention from project where uuid = :uuid and retention is not null")
                .bind("uuid", project.toString())
                .mapTo(String.class)
                .findOne());
    }

    @Override
    public Map<UUID, Optional<String>> projects() {
        return database.read(handle -> {
            Map<UUID, Optional<String>> projects = new HashMap<>();
            handle.createQuery("select uuid, retention from project")
                    .map((row, context) ->
                            Map.entry(Columns.uuid(row, "uuid"), Optional.ofNullable(row.getString("retention"))))
                    .forEach(project -> projects.put(project.getKey(), project.getValue()));
            return projects;
        });
    }

    @Override
    public long count(UUID project, Retention.Kind kind) {
        String rows = switch (kind) {
            case IMAGES -> "project_image where project = :project";
            case UPLOADS -> "project_file where project = :project";
            case OPERATIONS -> "operation where project = :project and status <> 'PENDING'";
            case LOGS -> "operation where project = :project and status <> 'PENDING' and not log_removed";
        };
        return database.read(handle -> handle.createQuery("select count(*) from " + rows)
                .bind("project", project.toString())
                .mapTo(Long.class)
                .one());
    }

    @Override
    public long uploadBytes(UUID project) {
        return database.read(
                handle -> handle.createQuery("select coalesce(sum(size), 0) from project_file where project = :project")
                        .bind("project", project.toString())
                        .mapTo(Long.class)
                        .one());
    }

    @Override
    public List<Used> idle(UUID project, Retention.Kind kind, Optional<Used> after, int limit) {
        String found = switch (kind) {
            case IMAGES ->
                "select i.image as uuid, " + IMAGE_USED
                        + " as used from project_image i where i.project = :project and " + IDLE;
            case UPLOADS ->
                "select file as uuid, " + UPLOAD_USED + " as used from project_file where project = :project";
            case OPERATIONS ->
                "select uuid, ended_at as used from operation where project = :project and status <> 'PENDING'";
            case LOGS ->
                "select uuid, ended_at as used from operation where project = :project"
                        + " and status <> 'PENDING' and not log_removed";
        };
        return database.read(handle -> handle.createQuery("select uuid, used from (" + found + ") f"
                        + " where used > :after or (used = :after and uuid > :last) order by used, uuid limit :limit")
                .bind("project", project.toString())
                .bind("after", after.map(used -> Columns.micros(used.usedAt())).orElse(Long.MIN_VALUE))
                .bind("last", after.map(used -> used.uuid().toString()).orElse(""))
                .bind("limit", limit)
                .map((row, context) -> new Used(Columns.uuid(row, "uuid"), Columns.instant(row, "used")))
                .list());
    }

    @Override
    public void forEachImage(UUID project, ImageVisitor visitor) {
        database.read(handle -> {
            handle.createQuery("select i.image as uuid, " + IMAGE_USED + " as used, s.layers as layers,"
                            + " case when " + IDLE + " then 1 else 0 end as idle"
                            + " from project_image i join image s on s.uuid = i.image where i.project = :project"
                            + " order by idle, used desc")
                    .bind("project", project.toString())
                    .map((row, context) -> {
                        visitor.image(
                                new Used(Columns.uuid(row, "uuid"), Columns.instant(row, "used")),
                                row.getInt("idle") == 1,
                                SqlImages.layers(row.getString("layers")));
                        return true;
                    })
                    .forEach(seen -> {});
            return true;
        });
    }

    @Override
    public int removeImages(UUID project, Collection<Used> images) {
        return each(images, (handle, image) -> {
            boolean idle = of(
                            handle.createQuery("select 1 from project_image i where i.project = :project"
                                    + " and i.image = :image and " + IMAGE_USED + " = :used and " + IDLE),
                            project,
                            image.uuid())
                    .bind("used", Columns.micros(image.usedAt()))
                    .mapTo(Integer.class)
                    .findOne()
                    .isPresent();
            if (idle) {
                giveUp(handle, project, image.uuid());
            }
            return idle;
        });
    }

    @Override
    public int removeUploads(UUID project, Collection<Used> uploads, Set<Digest> spared) {
        return each(uploads, (handle, upload) -> {
            Optional<Digest> digest = handle.createQuery("select digest from project_file where project = :project"
                            + " and file = :file and " + UPLOAD_USED + " = :used")
                    .bind("project", project.toString())
                    .bind("file", upload.uuid().toString())
                    .bind("used", Columns.micros(upload.usedAt()))
                    .mapTo(String.class)
                    .findOne()
                    .map(Digest::new)
                    .filter(found -> !spared.contains(found));
            digest.ifPresent(found -> {
                handle.createUpdate("delete from project_file where project = :project and file = :file")
                        .bind("project", project.toString())
                        .bind("file", upload.uuid().toString())
                        .execute();
                SqlReleased.release(handle, SqlReleased.Kind.FILE, Stream.of(found.hex()));
            });
            return digest.isPresent();
        });
    }

    @Override
    public int removeOperations(UUID project, Collection<Used> operations) {
        return each(operations, (handle, operation) -> {
            boolean removed = ended(handle, project, operation, "delete from operation");
            if (removed) {
                forgetSteps(handle, project, "operation", operation.uuid());
            }
            return removed;
        });
    }

    @Override
    public int removeLogs(UUID project, Collection<Used> operations) {
        return each(
                operations,
                (handle, operation) -> ended(handle, project, operation, "update operation set log_removed = true"));
    }

    private static boolean ended(Handle handle, UUID project, Used operation, String change) {
        return handle.createUpdate(change + " where uuid = :uuid and project = :project and status <> 'PENDING'")
                        .bind("uuid", operation.uuid().toString())
                        .bind("project", project.toString())
                        .execute()
                == 1;
    }

    private interface Change {
        boolean of(Handle handle, Used used);
    }

    /** All with one write. */
    private int each(Collection<Used> all, Change change) {
        if (all.isEmpty()) {
            return 0;
        }
        return database.remove(handle ->
                (int) all.stream().filter(used -> change.of(handle, used)).count());
    }
}
