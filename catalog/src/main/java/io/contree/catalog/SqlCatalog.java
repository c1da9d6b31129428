package io.contree.catalog;

import io.contree.engine.AccessCatalog;
import io.contree.engine.OperationCatalog;
import io.contree.engine.ProjectCatalog;
import io.contree.store.ImageCatalog;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.JdbiException;

/**
 * The catalog of one server in one SQL database. What was recorded survives {@code kill -9} and power loss. Safe for use by
 * several threads; close it after everything that uses it.
 */
public final class SqlCatalog implements AutoCloseable {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Database database;
    private final ImageCatalog images;
    private final OperationCatalog operations;
    private final ProjectCatalog projects;
    private final AccessCatalog access;

    private SqlCatalog(Database database) {
        this.database = database;
        this.images = new SqlImages(database);
        this.operations = new SqlOperations(database);
        this.projects = new SqlProjects(database);
        this.access = new SqlAccess(database);
    }

    /**
     * Opens a SQLite database (WAL, {@code synchronous=FULL}) for this process alone; makes it (mode 0600) or migrates it when
     * needed.
     *
     * @throws StoreException IO, DISK_FULL if the file cannot be opened or migrated
     */
    public static SqlCatalog openSqlite(Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            Path directory = absolute.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (Files.notExists(absolute)) {
                Files.createFile(absolute, OWNER_ONLY); // requests hold variables and input of whoever sent them
            }
            Schema.migrate(Dialect.writer(absolute));
            return new SqlCatalog(Database.openSqlite(absolute));
        } catch (IOException | FlywayException | JdbiException e) {
            StoreException.Kind kind = Dialect.isDiskFull(e) ? StoreException.Kind.DISK_FULL : StoreException.Kind.IO;
            throw new StoreException(kind, "cannot open the catalog " + absolute + ": " + Dialect.words(e), e);
        }
    }

    /** The records of the store. */
    public ImageCatalog images() {
        return images;
    }

    /** The records of operations. */
    public OperationCatalog operations() {
        return operations;
    }

    /** The records of projects. */
    public ProjectCatalog projects() {
        return projects;
    }

    /** The records of who may use the server, which a second process may change while the first serves. */
    public AccessCatalog access() {
        return access;
    }

    @Override
    public void close() {
        database.close();
    }
}
