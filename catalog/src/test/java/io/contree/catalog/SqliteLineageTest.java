package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.LineagePage;
import io.contree.api.LineageStep;
import io.contree.engine.OperationCatalog;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.history.Ancestor;
import io.contree.engine.history.LineagePosition;
import io.contree.engine.history.LineageRequest;
import io.contree.engine.history.LineageRequest.Direction;
import io.contree.engine.history.LineageSuite;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLineageTest extends LineageSuite {
    private static final int STATES = 100_000;
    private static final UUID PROJECT = UUID.randomUUID();

    @TempDir
    private Path directory;

    private SqlCatalog catalog;

    @BeforeEach
    void open() {
        catalog = SqlCatalog.openSqlite(directory.resolve("catalog.db"));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Override
    protected OperationCatalog operations() {
        return catalog.operations();
    }

    @Override
    protected ProjectCatalog projects() {
        return catalog.projects();
    }

    private static UUID image(int number) {
        return new UUID(8L << 12, number);
    }

    private Connection connect() throws SQLException {
        Connection connection = Dialect.writer(directory.resolve("catalog.db")).getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    /** A tree of {@value #STATES} states, each with so many children. */
    private void grow(int children) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement step = connection.prepareStatement("insert into lineage"
                        + " (operation, project, input, command, output, at) values (?, ?, ?, 'true', ?, ?)");
                PreparedStatement image = connection.prepareStatement("insert into project_image"
                        + " (project, image, content_digest, operation, created_at) values (?, ?, ?, ?, ?)")) {
            for (int i = 1; i < STATES; i++) {
                String operation = new UUID(4L << 12, i).toString();
                step.setString(1, operation);
                step.setString(2, PROJECT.toString());
                step.setString(3, image((i - 1) / children).toString());
                step.setString(4, image(i).toString());
                step.setLong(5, i);
                step.addBatch();
                image.setString(1, PROJECT.toString());
                image.setString(2, image(i).toString());
                image.setString(3, "0".repeat(64));
                image.setString(4, operation);
                image.setLong(5, i);
                image.addBatch();
            }
            step.executeBatch();
            image.executeBatch();
            connection.commit();
        }
    }

    private LineagePage page(int image, Direction direction, int limit, long skipped) {
        return catalog.projects()
                .lineage(
                        PROJECT,
                        new LineageRequest(
                                image(image),
                                direction,
                                false,
                                Integer.MAX_VALUE,
                                limit,
                                new LineagePosition(skipped, Instant.now())));
    }

    @Test
    @Tag("slow")
    void aPageOfAWideTree() throws SQLException {
        grow(10);
        page(0, Direction.DESCENDANTS, 100, 0);
        LineagePage first = page(0, Direction.DESCENDANTS, 100, 0);
        assertThat(first.steps()).hasSize(100);
        assertThat(first.steps().getLast().depth()).isEqualTo(2);
        LineagePage last = page(0, Direction.DESCENDANTS, 10_000, STATES - 100);
        assertThat(last.steps()).hasSize(99);
        assertThat(last.nextCursor()).isNull();
        assertThat(page(STATES - 1, Direction.ANCESTORS, 100, 0).steps()).hasSize(5);
    }

    @Test
    @Tag("slow")
    void aPageOfALongRoad() throws SQLException {
        grow(1);
        page(STATES - 1, Direction.ANCESTORS, 100, 0);
        LineagePage first = page(STATES - 1, Direction.ANCESTORS, 100, 0);
        assertThat(first.steps())
                .extracting(LineageStep::depth)
                .startsWith(1, 2, 3)
                .hasSize(100);
        LineagePage last = page(STATES - 1, Direction.ANCESTORS, 10_000, STATES - 100);
        assertThat(last.steps()).hasSize(99);
        Ancestor ancestor = catalog.projects().ancestor(PROJECT, image(STATES - 1), STATES);
        assertThat(ancestor).isEqualTo(new Ancestor(image(0), STATES - 1));
    }

    @Test
    void everyStepIsFoundByAnIndex() throws SQLException {
        for (String query :
                List.of(SqlLineage.ANCESTORS, SqlLineage.DESCENDANTS, SqlLineage.ARRIVAL, SqlLineage.ROAD)) {
            List<String> plan = new ArrayList<>();
            try (Connection connection = connect();
                    PreparedStatement explain =
                            connection.prepareStatement("explain query plan " + query.replaceAll(":\\w+", "?"));
                    ResultSet rows = explain.executeQuery()) {
                while (rows.next()) {
                    plan.add(rows.getString("detail"));
                }
            }
            assertThat(plan)
                    .as(query)
                    .filteredOn(line -> line.startsWith("SCAN"))
                    .allMatch(line -> line.matches("SCAN (r|road|CONSTANT ROW)"));
            assertThat(plan)
                    .as(query)
                    .noneMatch(line -> line.equals("USE TEMP B-TREE FOR ORDER BY") && !query.contains("road"));
        }
    }
}
