package io.contree.catalog;

import io.contree.api.ImageRecord;
import io.contree.api.LabelRequest;
import io.contree.engine.Images;
import io.contree.engine.Outcome;
import io.contree.engine.Page;
import io.contree.store.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** SQL on the images of projects, their tags and labels, inside a transaction of the caller's. */
final class ProjectImages {
    private static final String SELECT = "select i.image, t.name, i.created_at, i.operation, i.content_digest"
            + " from project_image i left join tag t on t.project = i.project and t.image = i.image";

    /** The index orders only the plain list, so this one is for servers that have something public. */
    private static final String SELECT_WITH_PUBLIC = "select * from (select i.project, i.image, t.name, i.created_at,"
            + " i.operation, i.content_digest from project_image i"
            + " left join tag t on t.project = i.project and t.image = i.image where i.project = :project"
            + " union all select :project, p.image, p.name, p.created_at, null, p.content_digest from public_tag p"
            + " where not exists (select 1 from tag t where t.project = :project and t.name = p.name)) i";

    /** By a label, which an index orders. */
    static final String SELECT_BY_LABEL = "select i.image, t.name, i.created_at, i.operation, i.content_digest"
            + " from image_label s join project_image i on i.project = s.project and i.image = s.image"
            + " left join tag t on t.project = i.project and t.image = i.image";

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,300}(\\.\\d{1,300})?([eE][+-]?\\d{1,3})?");

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
        boolean withPublic = filter.order().isEmpty() && hasPublic(handle);
        String name = withPublic ? "i.name" : "t.name";
        String owner = filter.order().isPresent() ? "s.project = :project" : "i.project = :project";
        Condition condition = new Condition(owner, "project", project.toString())
                .and("s.name = :order", "order", filter.order().map(Images.LabelOrder::name))
                .andIf(filter.tagged(), name + " is not null")
                .andIf(filter.pinned(), PINNED)
                .and("substr(" + name + ", 1, length(:prefix)) = :prefix", "prefix", filter.tagPrefix())
                .and("i.image = :image", "image", filter.uuid().map(UUID::toString))
                .and("i.created_at >= :since", "since", filter.since().map(Columns::micros))
                .and("i.created_at <= :until", "until", filter.until().map(Columns::micros));
        int number = 0;
        for (Map.Entry<String, Optional<String>> label : filter.labels().entrySet()) {
            labelled(condition, number++, label.getKey(), label.getValue());
        }
        if (filter.order().isPresent()) {
            return condition
                    .query(
                            handle,
                            SELECT_BY_LABEL,
                            "order by " + order(filter.order().get()),
                            page)
                    .map((row, context) -> record(row))
                    .list();
        }
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

    private static boolean hasPublic(Handle handle) {
        return handle.createQuery("select exists (select 1 from public_tag)")
                .mapTo(Boolean.class)
                .one();
    }

    private static void labelled(Condition condition, int number, String name, Optional<String> value) {
        String term = "exists (select 1 from image_label l where l.project = :project and l.image = i.image"
                + " and l.name = :label" + number;
        Map<String, Object> values = new HashMap<>(Map.of("label" + number, name));
        value.ifPresent(text -> values.put("value" + number, text));
        condition.and(term + (value.isPresent() ? " and l.value = :value" + number : "") + ")", values);
    }

    static String order(Images.LabelOrder order) {
        return order.falling()
                ? "s.textual, s.number desc, s.value desc, s.image desc, t.name"
                : "s.textual, s.number, s.value, s.image, t.name";
    }

    /** Writes nothing if that would be more labels than an image may have. */
    static OptionalInt label(Handle handle, UUID project, UUID image, LabelRequest request, Instant now) {
        Set<String> names = new HashSet<>(of(
                        handle.createQuery("select name from image_label where project = :project and image = :image"),
                        project,
                        image)
                .mapTo(String.class)
                .list());
        request.labels().forEach((name, value) -> {
            if (value.isPresent()) {
                names.add(name);
            } else {
                names.remove(name);
            }
        });
        if (names.size() > LabelRequest.MOST) {
            return OptionalInt.of(names.size());
        }
        if (!keep(handle, project, image, now)) {
            return OptionalInt.empty();
        }
        request.labels().forEach((name, value) -> {
            of(
                            handle.createUpdate("delete from image_label where project = :project and image = :image"
                                    + " and name = :name"),
                            project,
                            image)
                    .bind("name", name)
                    .execute();
            value.ifPresent(text -> label(handle, project, image, name, text));
        });
        request.note()
                .ifPresent(note -> of(
                                handle.createUpdate("update project_image set note = :note"
                                        + " where project = :project and image = :image"),
                                project,
                                image)
                        .bind("note", note.isEmpty() ? null : note)
                        .execute());
        return OptionalInt.of(names.size());
    }

    private static void label(Handle handle, UUID project, UUID image, String name, String value) {
        @Nullable Double number = NUMBER.matcher(value).matches() ? Double.valueOf(value) : null;
        boolean numeric = number != null && Double.isFinite(number);
        of(
                        handle.createUpdate("insert into image_label (project, image, name, value, textual, number)"
                                + " values (:project, :image, :name, :value, :textual, :number)"),
                        project,
                        image)
                .bind("name", name)
                .bind("value", value)
                .bind("textual", numeric ? 0 : 1)
                .bind("number", numeric ? number : null)
                .execute();
    }

    private static <S extends SqlStatement<S>> S of(S statement, UUID project, UUID image) {
        return statement.bind("project", project.toString()).bind("image", image.toString());
    }

    static List<ImageRecord> noted(Handle handle, UUID project, List<ImageRecord> images) {
        if (images.isEmpty()) {
            return images;
        }
        Map<String, SortedMap<String, String>> labels = new HashMap<>();
        of(handle, project, images, "select image, name, value from image_label")
                .map((row, context) -> labels.computeIfAbsent(row.getString("image"), image -> new TreeMap<>())
                        .put(row.getString("name"), row.getString("value")))
                .list();
        Map<String, String> notes = new HashMap<>();
        of(handle, project, images, "select image, note from project_image")
                .map((row, context) -> notes.put(row.getString("image"), row.getString("note")))
                .list();
        return images.stream()
                .map(image -> image.noted(
                        labels.getOrDefault(image.uuid().toString(), Collections.emptySortedMap()),
                        notes.get(image.uuid().toString())))
                .toList();
    }

    private static Query of(Handle handle, UUID project, List<ImageRecord> images, String select) {
        return handle.createQuery(select + " where project = :project and image in (<images>)")
                .bind("project", project.toString())
                .bindList(
                        "images",
                        images.stream()
                                .map(image -> image.uuid().toString())
                                .distinct()
                                .toList());
    }

    private static ImageRecord record(ResultSet row) throws SQLException {
        return ImageRecord.of(
                Columns.uuid(row, "image"),
                row.getString("name"),
                Columns.instant(row, "created_at"),
                Columns.uuidOrNull(row, "operation"),
                new Digest(row.getString("content_digest")).toString());
    }
}
