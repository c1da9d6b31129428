package io.contree.catalog;

import io.contree.api.ImageRecord;
import io.contree.engine.Images;
import io.contree.engine.Outcome;
import io.contree.engine.Page;
import io.contree.store.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** SQL on the images and tags of projects, inside of a transaction that somebody else began. */
final class ProjectImages {
    private static final String SELECT = "select i.image, t.name, i.created_at, i.operation, i.content_digest"
            + " from project_image i left join tag t on t.project = i.project and t.image = i.image";

    private ProjectImages() {}

    /** Makes an image one of the project; the operation that reached it first stays its origin. */
    static void grant(Handle handle, String project, Outcome.Reached image, UUID operation, Instant now) {
        handle.createUpdate("insert into project_image (project, image, content_digest, operation, created_at)"
                        + " values (:project, :image, :digest, :operation, :now) on conflict do nothing")
                .bind("project", project)
                .bind("image", image.uuid().toString())
                .bind("digest", image.contentDigest().hex())
                .bind("operation", operation.toString())
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

    static Optional<ImageRecord> newest(Handle handle, UUID project, UUID image) {
        Condition condition = new Condition("i.project = :project", "project", project.toString())
                .and("i.image = :image", "image", Optional.of(image.toString()));
        return condition
                .query(handle, SELECT, "order by t.created_at desc, t.name", new Page(1, 0))
                .map((row, context) -> record(row))
                .findOne();
    }

    static Optional<ImageRecord> tagged(Handle handle, UUID project, String tag) {
        return new Condition("i.project = :project", "project", project.toString())
                .and("t.name = :name", "name", Optional.of(tag))
                .query(handle, SELECT, "", new Page(1, 0))
                .map((row, context) -> record(row))
                .findOne();
    }

    static List<ImageRecord> list(Handle handle, UUID project, Images.Filter filter, Page page) {
        Condition condition = new Condition("i.project = :project", "project", project.toString())
                .andIf(filter.tagged(), "t.name is not null")
                .and("substr(t.name, 1, length(:prefix)) = :prefix", "prefix", filter.tagPrefix())
                .and("i.image = :image", "image", filter.uuid().map(UUID::toString))
                .and("i.created_at >= :since", "since", filter.since().map(Columns::micros))
                .and("i.created_at <= :until", "until", filter.until().map(Columns::micros));
        String exactFirst = filter.tagPrefix().isPresent() ? "case when t.name = :prefix then 0 else 1 end, " : "";
        return condition
                .query(handle, SELECT, "order by " + exactFirst + "i.created_at desc, i.image desc, t.name", page)
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
