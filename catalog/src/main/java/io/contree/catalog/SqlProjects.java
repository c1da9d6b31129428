package io.contree.catalog;

import io.contree.api.FileRecord;
import io.contree.api.ImageRecord;
import io.contree.api.LabelRequest;
import io.contree.api.LineagePage;
import io.contree.engine.Caller;
import io.contree.engine.Images;
import io.contree.engine.Page;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.ProjectLimits;
import io.contree.engine.history.Ancestor;
import io.contree.engine.history.LineageRequest;
import io.contree.store.Digest;
import io.contree.store.StoredFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Records of projects. */
final class SqlProjects implements ProjectCatalog {
    private final Database database;

    SqlProjects(Database database) {
        this.database = database;
    }

    @Override
    public UUID firstProject(Instant now) {
        return database.write(handle -> oldestProject(handle).orElseGet(() -> {
            UUID project = UUID.randomUUID();
            handle.createUpdate("insert into project (uuid, name, created_at) values (:uuid, 'default', :now)")
                    .bind("uuid", project.toString())
                    .bind("now", Columns.micros(now))
                    .execute();
            return project;
        }));
    }

    private static Optional<UUID> oldestProject(Handle handle) {
        return handle.createQuery("select uuid from project order by created_at, uuid limit 1")
                .map((row, context) -> Columns.uuid(row, "uuid"))
                .findOne();
    }

    @Override
    public ProjectLimits limits(UUID project) {
        return database.read(handle -> SqlAccess.limits(handle, project));
    }

    @Override
    public void recordToken(TokenRecord token) {
        Caller caller = token.caller();
        database.write(handle -> handle.createUpdate("insert into token"
                        + " (uuid, project, hash, permissions, expires_at, created_at, weight)"
                        + " values (:uuid, :project, :hash, :permissions, :expiresAt, :createdAt, :weight)")
                .bind("uuid", caller.token().toString())
                .bind("project", caller.project().toString())
                .bind("hash", token.hash().hex())
                .bind(
                        "permissions",
                        caller.permissions().stream().map(Enum::name).collect(Collectors.joining(" ")))
                .bind("expiresAt", Columns.micros(caller.expiresAt()))
                .bind("weight", caller.weight())
                .bind("createdAt", Columns.micros(token.createdAt()))
                .execute());
    }

    @Override
    public Optional<TokenRecord> token(Digest hash) {
        return database.read(handle -> handle.createQuery("select * from token where hash = :hash")
                .bind("hash", hash.hex())
                .map((row, context) -> token(row))
                .findOne());
    }

    static TokenRecord token(ResultSet row) throws SQLException {
        Set<Caller.Permission> permissions = Arrays.stream(
                        row.getString("permissions").split(" "))
                .filter(name -> !name.isEmpty())
                .map(Caller.Permission::valueOf)
                .collect(Collectors.toSet());
        return new TokenRecord(
                new Caller(
                        Columns.uuid(row, "uuid"),
                        Columns.uuid(row, "project"),
                        permissions,
                        Columns.optionalInstant(row, "expires_at"),
                        SqlAccess.weight(row)),
                new Digest(row.getString("hash")),
                Columns.instant(row, "created_at"));
    }

    @Override
    public Optional<ImageRecord> image(UUID project, UUID image) {
        return database.read(handle -> ProjectImages.newest(handle, project, image));
    }

    @Override
    public Optional<ImageRecord> imageByTag(UUID project, String tag) {
        return database.read(handle -> ProjectImages.tagged(handle, project, tag));
    }

    @Override
    public List<ImageRecord> images(UUID project, Images.Filter filter, Page page) {
        return database.read(handle -> ProjectImages.list(handle, project, filter, page));
    }

    @Override
    public Optional<ImageRecord> tag(UUID project, UUID image, String tag, Instant now) {
        return database.write(handle -> {
            if (!ProjectImages.keep(handle, project, image, now)) {
                return Optional.empty();
            }
            ProjectImages.tag(handle, project.toString(), image, tag, now);
            return ProjectImages.tagged(handle, project, tag);
        });
    }

    @Override
    public int untag(UUID project, UUID image, Optional<String> tag) {
        String which = tag.isPresent() ? " and name = :name" : "";
        return database.write(handle -> {
            var update = handle.createUpdate("delete from tag where project = :project and image = :image" + which)
                    .bind("project", project.toString())
                    .bind("image", image.toString());
            tag.ifPresent(name -> update.bind("name", name));
            return update.execute();
        });
    }

    @Override
    public List<Step> stepsTo(UUID project, UUID image, int limit) {
        return database.read(handle -> new Condition("project = :project", "project", project.toString())
                .and("output = :output", "output", Optional.of(image.toString()))
                .query(handle, "select * from lineage", "order by at desc, operation", new Page(limit, 0))
                .map((row, context) -> new Step(
                        Columns.uuid(row, "operation"),
                        Columns.uuid(row, "input"),
                        row.getString("command"),
                        Columns.uuid(row, "output"),
                        Columns.instant(row, "at"),
                        Optional.ofNullable(Columns.uuidOrNull(row, "cached_from"))))
                .list());
    }

    @Override
    public OptionalInt label(UUID project, UUID image, LabelRequest request, Instant now) {
        return database.write(handle -> ProjectImages.label(handle, project, image, request, now));
    }

    @Override
    public List<ImageRecord> noted(UUID project, List<ImageRecord> images) {
        return database.read(handle -> ProjectImages.noted(handle, project, images));
    }

    @Override
    public LineagePage lineage(UUID project, LineageRequest request) {
        return database.read(handle -> SqlLineage.page(handle, project, request));
    }

    @Override
    public Ancestor ancestor(UUID project, UUID image, int steps) {
        return database.read(handle -> SqlLineage.ancestor(handle, project, image, steps));
    }

    @Override
    public FileRecord recordFile(UUID project, StoredFile file, Instant now) {
        return database.write(handle -> {
            handle.createUpdate("insert into project_file (project, file, digest, size, created_at, updated_at)"
                            + " values (:project, :file, :digest, :size, :now, :now)"
                            + " on conflict (project, file) do update set updated_at = excluded.updated_at")
                    .bind("project", project.toString())
                    .bind("file", file.uuid().toString())
                    .bind("digest", file.digest().hex())
                    .bind("size", file.size())
                    .bind("now", Columns.micros(now))
                    .execute();
            return file(handle, project, "file", file.uuid().toString()).orElseThrow();
        });
    }

    @Override
    public Optional<FileRecord> file(UUID project, UUID file) {
        return database.read(handle -> file(handle, project, "file", file.toString()));
    }

    @Override
    public Optional<FileRecord> file(UUID project, Digest digest) {
        return database.read(handle -> file(handle, project, "digest", digest.hex()));
    }

    private static Optional<FileRecord> file(Handle handle, UUID project, String column, String value) {
        return handle.createQuery("select * from project_file where project = :project and " + column + " = :value")
                .bind("project", project.toString())
                .bind("value", value)
                .map((row, context) -> file(row))
                .findOne();
    }

    private static FileRecord file(ResultSet row) throws SQLException {
        return new FileRecord(
                Columns.uuid(row, "file"),
                row.getString("digest"),
                row.getLong("size"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"));
    }

    @Override
    public List<FileRecord> files(UUID project, Optional<Instant> since, Optional<Instant> until, Page page) {
        Condition condition = new Condition("project = :project", "project", project.toString())
                .and("created_at >= :since", "since", since.map(Columns::micros))
                .and("created_at <= :until", "until", until.map(Columns::micros));
        return database.read(handle -> condition
                .query(handle, "select * from project_file", "order by created_at desc, file desc", page)
                .map((row, context) -> file(row))
                .list());
    }
}
