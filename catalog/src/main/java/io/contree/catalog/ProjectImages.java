package io.contree.catalog;

import io.contree.api.ImageRecord;
import io.contree.engine.Images;
import io.contree.engine.Outcome;
import io.contree.engine.Page;
import io.contree.store.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** SQL on the images and tags of projects, inside a transaction of the caller's. */
final class ProjectImages {
    private static final String SELECT = "select i.image, t.name, i.created_at, i.operation, i.content_digest"
            + " from project_image i left join tag t on t.project = i.project and t.image = i.image";

    /** The index orders only the plain list, so this one is for servers that have something public. */
    private static final String SELECT_WITH_PUBLIC = "select * from (select i.project, i.image, t.name, i.created_at,"
            + " i.operation, i.content_digest from project_image i"
            + " left join tag t on t.project = i.project and t.image = i.image where i.project = :project"
            + " union all select :project, p.image, p.name, p.created_at, null, p.content_digest from public_tag p"
            + " where not exists (select 1 from tag t where t.project = :project and t.name = p.name)) i";

    private static final String PINNED = "exists (select 1 from project_image p where p.project = :project"
            + " and p.image = i.image and p.pinned_at is not null)";

    private static final Duration CLOSELY = Duration.ofMinutes(1);

    private ProjectImages() {}

    /** Makes an image one of the project's; the operation that reached it first stays its origin. */
    static void grant(Handle handle, String project, Outcome.Reached image, UUID operation, Instant now) {
        handle.createUpdate("insert into project_image (project, image, content_digest, operation, created_at)"
                        + " values (:project, :image, :digest, :operation, :now)"
                        + " on conflict (project, image) do update set used_at = excluded.created_at")
                .bind("project", project)
                .bind("image", image.uuid().toString())
                .bind("digest", image.contentDigest().hex())
                .bind("operation", operation.toString())
                .bind("now", Columns.micros(now))
                .execute();
    }

    /** An image was used, if it is the project's own. Uses that follow each other closely are written as one. */
    static void use(Handle handle, String project, UUID image, Instant now) {
        handle.createUpdate("update project_image set used_at = :now where project = :project and image = :image"
                        + " and coalesce(used_at, created_at) < :recently")
                .bind("recently", Columns.micros(now.minus(CLOSELY)))
                .bind("project", project)
                .bind("image", image.toString())
                .bind("now", Columns.micros(now))
                .execute();
    }

    static void tag(Handle handle, String project, UUID image, String tag, Instant now) {
        handle.createUpdate("insert into tag (project, name, image, created_at) values (:project, :name, :image, :now)"
                        + " on conflict (project, name) do update set image = excluded.image,"
                        + " created_at = excluded.created_at")
                .bind("project", project)
                .bind("name", tag)
                .bind("image", image.toString())
                .bind("now", Columns.micros(now))
                .execute();
    }

    /** Makes a public image one of the project's own; false if the project does not see it. */
    static boolean keep(Handle handle, UUID project, UUID image, Instant now) {
        if (ownNewest(handle, project, image).isPresent()) {
            return true;
        }
        return handle.createUpdate(
                                "insert into project_image (project, image, content_digest, created_at)"
                                        + " select :project, image, content_digest, :now from public_tag where image = :image limit 1")
                        .bind("project", project.toString())
                        .bind("image", image.toString())
                        .bind("now", Columns.micros(now))
                        .execute()
                == 1;
    }

    static void publish(Handle handle, UUID project, UUID image, String tag, Instant now) {
        releasePublic(handle, tag);
        handle.createUpdate("insert into public_tag (name, image, content_digest, created_at)"
                        + " select :name, image, content_digest, :now from project_image"
                        + " where project = :project and image = :image"
                        + " on conflict (name) do update set image = excluded.image,"
                        + " content_digest = excluded.content_digest, created_at = excluded.created_at")
                .bind("name", tag)
                .bind("project", project.toString())
                .bind("image", image.toString())
                .bind("now", Columns.micros(now))
                .execute();
    }

    /** What a public tag names may have no other name. */
    static void releasePublic(Handle handle, String tag) {
        List<String> named = handle.createQuery("select image from public_tag where name = :name")
                .bind("name", tag)
                .mapTo(String.class)
                .list();
        SqlReleased.release(handle, SqlReleased.Kind.IMAGE, named.stream());
    }

    /** The project's own first, else a public one. */
    static Optional<ImageRecord> newest(Handle handle, UUID project, UUID image) {
        return ownNewest(handle, project, image).or(() -> publicOne(handle, "image", image.toString()));
    }

    private static Optional<ImageRecord> ownNewest(Handle handle, UUID project, UUID image) {
        Condition condition = new Condition("i.project = :project", "project", project.toString())
                .and("i.image = :image", "image", Optional.of(image.toString()));
        return condition
                .query(handle, SELECT, "order by t.created_at desc, t.name", new Page(1, 0))
                .map((row, context) -> record(row))
                .findOne();
    }

    /** The project's own tag shadows a public one. */
    static Optional<ImageRecord> tagged(Handle handle, UUID project, String tag) {
        return ownTagged(handle, project, tag).or(() -> publicOne(handle, "name", tag));
    }

    static Optional<ImageRecord> ownTagged(Handle handle, UUID project, String tag) {
        return new Condition("i.project = :project", "project", project.toString())
                .and("t.name = :name", "name", Optional.of(tag))
                .query(handle, SELECT, "", new Page(1, 0))
                .map((row, context) -> record(row))
                .findOne();
    }

    private static Optional<ImageRecord> publicOne(Handle handle, String column, String value) {
        return new Condition(column + " = :value", "value", value)
                .query(
                        handle,
                        "select image, name, created_at, null as operation, content_digest from public_tag",
                        "order by created_at desc, name",
                        new Page(1, 0))
                .map((row, context) -> record(row))
                .findOne();
    }

    static List<ImageRecord> list(Handle handle, UUID project, Images.Filter filter, Page page) {
        boolean withPublic = handle.createQuery("select exists (select 1 from public_tag)")
                .mapTo(Boolean.class)
                .one();
        String name = withPublic ? "i.name" : "t.name";
        Condition condition = new Condition("i.project = :project", "project", project.toString())
                .andIf(filter.tagged(), name + " is not null")
                .andIf(filter.pinned(), PINNED)
                .and("substr(" + name + ", 1, length(:prefix)) = :prefix", "prefix", filter.tagPrefix())
                .and("i.image = :image", "image", filter.uuid().map(UUID::toString))
                .and("i.created_at >= :since", "since", filter.since().map(Columns::micros))
                .and("i.created_at <= :until", "until", filter.until().map(Columns::micros));
        String exactFirst =
                filter.tagPrefix().isPresent() ? "case when " + name + " = :prefix then 0 else 1 end, " : "";
        return condition
                .query(
                        handle,
                        withPublic ? SELECT_WITH_PUBLIC : SELECT,
                        "order by " + exactFirst + "i.created_at desc, i.image desc, " + name,
                        page)
                .map((row, context) -> record(row))
                .list();
    }

    private static ImageRecord record(ResultSet row) throws SQLException {
        return new ImageRecord(
                Columns.uuid(row, "image"),
                row.getString("name"),
                Columns.instant(row, "created_at"),
                Columns.uuidOrNull(row, "operation"),
                new Digest(row.getString("content_digest")).toString());
    }
}
