package io.contree.catalog;

import io.contree.api.LineagePage;
import io.contree.api.LineageStep;
import io.contree.api.OperationKind;
import io.contree.engine.history.Ancestor;
import io.contree.engine.history.CommandLine;
import io.contree.engine.history.LineageRequest;
import io.contree.engine.history.LineageWalk;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** SQL on the graph of runs. A walk asks once for each state, so its statements are prepared once. */
final class SqlLineage implements AutoCloseable {
    /** Of an image {@code %1$s}: the operation that the project has it from, or had where nothing else is recorded any more. */
    private static final String ORIGIN = "case when p.image is not null then p.operation else (select e.operation"
            + " from lineage e where e.project = %2$s and e.output = %1$s order by e.at, e.operation limit 1) end";

    private static final String STEPS = "select l.operation, l.input, substr(l.command, 1, " + CommandLine.LONGEST
            + ") as command, l.output, l.at, l.cached_from,"
            + " coalesce(l.operation = " + ORIGIN.formatted("l.output", "l.project")
            + ", false) as first from lineage l"
            + " left join project_image p on p.project = l.project and p.image = l.output"
            + " where l.project = ? and l.%s = ? and l.at <= ? order by l.at desc, l.operation";

    static final String ANCESTORS = STEPS.formatted("output");
    static final String DESCENDANTS = STEPS.formatted("input");

    static final String ARRIVAL = "select p.operation, p.created_at, o.kind from project_image p"
            + " left join operation o on o.uuid = p.operation where p.project = ? and p.image = ?"
            + " and not exists (select 1 from lineage l where l.operation = p.operation)";

    static final String ROAD = "with recursive road (image, steps) as (select :image, 0 union all"
            + " select l.input, r.steps + 1 from road r"
            + " left join project_image p on p.project = :project and p.image = r.image"
            + " join lineage l on l.project = :project and l.operation = " + ORIGIN.formatted("r.image", ":project")
            + " where r.steps < :steps) select image, steps from road order by steps desc limit 1";

    private final LineageRequest request;
    private final String project;
    private final PreparedStatement steps;
    private final PreparedStatement arrival;

    private SqlLineage(Connection connection, UUID project, LineageRequest request) throws SQLException {
        this.request = request;
        this.project = project.toString();
        this.steps = connection.prepareStatement(request.toAncestors() ? ANCESTORS : DESCENDANTS);
        this.arrival = connection.prepareStatement(ARRIVAL);
    }

    static LineagePage page(Handle handle, UUID project, LineageRequest request) {
        try (SqlLineage lineage = new SqlLineage(handle.getConnection(), project, request)) {
            return LineageWalk.page(request, lineage::neighbours);
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    /** So many steps back, or as many as there are. */
    static Ancestor ancestor(Handle handle, UUID project, UUID image, int steps) {
        return handle.createQuery(ROAD)
                .bind("image", image.toString())
                .bind("project", project.toString())
                .bind("steps", steps)
                .map((row, context) -> new Ancestor(Columns.uuid(row, "image"), row.getInt("steps")))
                .one();
    }

    private void neighbours(UUID image, int depth, Predicate<LineageStep> more) {
        try {
            if (ran(image, depth, more) && request.toAncestors()) {
                arrived(image, depth, more);
            }
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private boolean ran(UUID image, int depth, Predicate<LineageStep> more) throws SQLException {
        steps.setString(1, project);
        steps.setString(2, image.toString());
        steps.setLong(3, Columns.micros(request.from().until()));
        try (ResultSet rows = steps.executeQuery()) {
            while (rows.next()) {
                boolean first = rows.getBoolean("first");
                if ((first || !request.first()) && !more.test(run(rows, depth, first))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static LineageStep run(ResultSet row, int depth, boolean first) throws SQLException {
        return new LineageStep(
                depth,
                Columns.uuid(row, "input"),
                Columns.uuid(row, "output"),
                Columns.uuid(row, "operation"),
                OperationKind.INSTANCE,
                row.getString("command"),
                Columns.instant(row, "at"),
                first,
                Columns.uuidOrNull(row, "cached_from"));
    }

    /** From outside: by an import, or as a public image. */
    private void arrived(UUID image, int depth, Predicate<LineageStep> more) throws SQLException {
        arrival.setString(1, project);
        arrival.setString(2, image.toString());
        try (ResultSet row = arrival.executeQuery()) {
            if (row.next()) {
                var _ = more.test(new LineageStep(
                        depth,
                        null,
                        image,
                        Columns.uuidOrNull(row, "operation"),
                        kind(row.getString("kind")),
                        null,
                        Columns.instant(row, "created_at"),
                        true,
                        null));
            }
        }
    }

    private static @Nullable OperationKind kind(@Nullable String wire) {
        for (OperationKind kind : OperationKind.values()) {
            if (kind.wire().equals(wire)) {
                return kind;
            }
        }
        return null;
    }

    @Override
    public void close() throws SQLException {
        steps.close();
        arrival.close();
    }
}
