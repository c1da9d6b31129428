package io.contree.catalog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema of this version. */
final class Schema {
    /** The newest migration; a test holds it against the resources. */
    static final String VERSION = "3";

    private static final String LOCATION = "classpath:io/contree/catalog/migrations";

    private Schema() {}

    /** Flyway takes a third of a second to find out that there is nothing to do, so one query asks first. */
    static void migrate(DataSource source) {
        if (!isCurrent(source)) {
            flyway(source).migrate();
        }
    }

    static Flyway flyway(DataSource source) {
        return Flyway.configure()
                .dataSource(source)
                .locations(LOCATION)
                .placeholders(Map.of("blob", Dialect.blob()))
                .load();
    }

    static boolean isCurrent(DataSource source) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select \"version\" from flyway_schema_history"
                        + " where success order by installed_rank desc limit 1")) {
            return rows.next() && VERSION.equals(rows.getString(1));
        } catch (SQLException e) {
            return false; // no such table: a new database; anything else Flyway meets and tells
        }
    }
}
