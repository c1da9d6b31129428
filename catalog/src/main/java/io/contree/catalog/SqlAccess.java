package io.contree.catalog;

import io.contree.api.ImageRecord;
import io.contree.engine.AccessCatalog;
import io.contree.engine.ProjectCatalog.TokenRecord;
import io.contree.engine.ProjectLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Records of who may use a server. Each write is a transaction of its own, so that it may come from another process. */
final class SqlAccess implements AccessCatalog {
    private static final String OLDEST_FIRST = " order by created_at, uuid";

    private final Database database;

    SqlAccess(Database database) {
        this.database = database;
    }

    @Override
    public boolean recordProject(Project project) {
        return database.write(handle -> bind(
                                handle.createUpdate("insert into project (uuid, name, created_at, instance_max_timeout,"
                                        + " instance_max_concurrency, import_max_timeout, import_max_concurrency, weight) values"
                                        + " (:uuid, :name, :createdAt, :runTimeout, :runs, :importTimeout, :imports, :weight)"
                                        + " on conflict do nothing"),
                                project.uuid(),
                                project.limits())
                        .bind("name", project.name())
                        .bind("createdAt", Columns.micros(project.createdAt()))
                        .execute()
                == 1);
    }

    private static Update bind(Update update, UUID project, ProjectLimits limits) {
        return update.bind("uuid", project.toString())
                .bind("runTimeout", limits.instanceMaxTimeout().orElse(null))
                .bind("runs", limits.instanceMaxConcurrency().orElse(null))
                .bind("importTimeout", limits.importMaxTimeout().orElse(null))
                .bind("imports", limits.importMaxConcurrency().orElse(null))
                .bind("weight", limits.weight());
    }

    @Override
    public List<Project> projects() {
        return database.read(handle -> handle.createQuery("select * from project" + OLDEST_FIRST)
                .map((row, context) -> new Project(
                        Columns.uuid(row, "uuid"),
                        Optional.ofNullable(row.getString("name")).orElse(""),
                        limits(row),
                        Optional.ofNullable(row.getString("retention")),
                        Columns.instant(row, "created_at")))
                .list());
    }

    static ProjectLimits limits(Handle handle, UUID project) {
        return handle.createQuery("select * from project where uuid = :uuid")
                .bind("uuid", project.toString())
                .map((row, context) -> limits(row))
                .findOne()
                .orElse(ProjectLimits.NONE);
    }

    private static ProjectLimits limits(ResultSet row) throws SQLException {
        return new ProjectLimits(
                number(row, "instance_max_timeout"),
                number(row, "instance_max_concurrency"),
                number(row, "import_max_timeout"),
                number(row, "import_max_concurrency"),
                weight(row));
    }

    /** Of a project or a token. */
    static int weight(ResultSet row) throws SQLException {
        return number(row, "weight").orElse(ProjectLimits.USUAL_WEIGHT);
    }

    private static Optional<Integer> number(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(Columns.longOrNull(row, column)).map(Long::intValue);
    }

    @Override
    public boolean limit(UUID project, ProjectLimits limits) {
        return database.write(handle -> bind(
                                handle.createUpdate("update project set instance_max_timeout = :runTimeout,"
                                        + " instance_max_concurrency = :runs, import_max_timeout = :importTimeout,"
                                        + " import_max_concurrency = :imports, weight = :weight where uuid = :uuid"),
                                project,
                                limits)
                        .execute()
                == 1);
    }

    @Override
    public boolean retain(UUID project, Optional<String> retention) {
        return database.write(
                handle -> handle.createUpdate("update project set retention = :retention where uuid = :uuid")
                                .bind("uuid", project.toString())
                                .bind("retention", retention.orElse(null))
                                .execute()
                        == 1);
    }

    @Override
    public List<TokenRecord> tokens() {
        return database.read(handle -> handle.createQuery("select * from token" + OLDEST_FIRST)
                .map((row, context) -> SqlProjects.token(row))
                .list());
    }

    @Override
    public boolean weigh(UUID token, int weight) {
        return database.write(handle -> handle.createUpdate("update token set weight = :weight where uuid = :uuid")
                        .bind("weight", weight)
                        .bind("uuid", token.toString())
                        .execute()
                == 1);
    }

    @Override
    public boolean revoke(UUID token) {
        return database.write(handle -> handle.createUpdate("delete from token where uuid = :uuid")
                        .bind("uuid", token.toString())
                        .execute()
                == 1);
    }

    @Override
    public Optional<UUID> publish(UUID project, String tag, Instant now) {
        return database.write(handle -> {
            Optional<ImageRecord> own = ProjectImages.ownTagged(handle, project, tag);
            own.ifPresent(image -> ProjectImages.publish(handle, project, image.uuid(), tag, now));
            return own.map(ImageRecord::uuid);
        });
    }

    @Override
    public boolean unpublish(String tag) {
        return database.write(handle -> {
            ProjectImages.releasePublic(handle, tag);
            return handle.createUpdate("delete from public_tag where name = :name")
                            .bind("name", tag)
                            .execute()
                    == 1;
        });
    }
}
