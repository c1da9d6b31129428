package io.contree.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema of this version. */
final class Schema {
    /** The newest migration; a test compares it with the resources. */
    static final String VERSION = "11";

    private static final String LOCATION = "classpath:io/contree/catalog/migrations";

    private Schema() {}

    /** Whether a file is a catalog, even a new or damaged one, rather than one still to be made. */
    static boolean isThere(Path file) throws IOException {
        if (Files.notExists(file) || Files.size(file) == 0) {
            return false; // and must not be opened: that would make it, and throw its log away
        }
        try (Connection connection = Dialect.readers(file).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select 1 from sqlite_master where name = 'flyway_schema_history'")) {
            return rows.next();
        } catch (SQLException e) {
            return true; // what is wrong with it is reported where it is opened
        }
    }

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
            return false; // no such table: a new database; Flyway meets and reports anything else
        }
    }
}
