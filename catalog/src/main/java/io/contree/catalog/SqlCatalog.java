package io.contree.catalog;

import io.contree.engine.AccessCatalog;
import io.contree.engine.OperationCatalog;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.cache.RunCacheCatalog;
import io.contree.engine.check.EndedOperations;
import io.contree.engine.retention.RetentionCatalog;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.InPlaceWrites;
import io.contree.store.ImageCatalog;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import io.contree.store.check.Records;
import io.contree.store.disk.CatalogLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
    private final RetentionCatalog retention;
    private final RunCacheCatalog runCache;

    private SqlCatalog(Database database) {
        this.database = database;
        this.images = new SqlImages(database);
        this.operations = new SqlOperations(database);
        this.projects = new SqlProjects(database);
        this.access = new SqlAccess(database);
        this.retention = new SqlRetention(database);
        this.runCache = new SqlRunCache(database);
    }

    /**
     * Opens a SQLite database (WAL, {@code synchronous=FULL}) that belongs to no data directory; creates (mode 0600) or
     * migrates it if needed.
     *
     * @throws StoreException IO, DISK_FULL, CORRUPT if the file cannot be opened or migrated
     */
    public static SqlCatalog openSqlite(Path file) {
        Path absolute = file.toAbsolutePath();
        return opening(absolute, () -> {
            prepare(absolute);
            return new SqlCatalog(Database.openSqlite(absolute));
        });
    }

    /**
     * Opens the catalog of a data directory for its server, and checks that it is whole and belongs to the data, since
     * what it does not name counts as garbage. A new directory gets a new catalog.
     *
     * @throws StoreException CORRUPT if it is damaged, missing or not the directory's; IO, DISK_FULL
     */
    public static SqlCatalog serve(CatalogLink link, Durability durability) {
        return belonging(
                link,
                () -> new SqlCatalog(Database.serveSqlite(link.catalog(), link.headroom(), durability)),
                catalog -> {
                    link.record(Identity.next(catalog.database));
                    catalog.database.takeHeadroom();
                });
    }

    /** As above, and nothing that was confirmed is ever taken back. */
    public static SqlCatalog serve(CatalogLink link) {
        return serve(link, Durability.STRICT);
    }

    /**
     * Opens the catalog of a data directory beside its server, which may be running.
     *
     * @throws StoreException CORRUPT if it is damaged, missing or not the directory's; IO, DISK_FULL
     */
    public static SqlCatalog administer(CatalogLink link) {
        return belonging(link, () -> new SqlCatalog(Database.openSqlite(link.catalog())), catalog -> {});
    }

    private static SqlCatalog belonging(CatalogLink link, Opening opening, Consumer<SqlCatalog> then) {
        return opening(link.catalog(), () -> {
            link.requireCatalog(Schema.isThere(link.catalog()));
            prepare(link.catalog());
            SqlCatalog catalog = opening.run();
            try {
                link.require(Identity.of(catalog.database));
                then.accept(catalog);
                return catalog;
            } catch (RuntimeException e) {
                catalog.close();
                throw e;
            }
        });
    }

    private interface Opening {
        SqlCatalog run() throws IOException;
    }

    private static SqlCatalog opening(Path file, Opening opening) {
        try {
            return opening.run();
        } catch (IOException | FlywayException | JdbiException e) {
            throw unusable(
                    file, Database.kind(e), e instanceof IOException io ? IoFailure.reason(io) : Dialect.words(e), e);
        } catch (DamagedException e) {
            throw unusable(file, StoreException.Kind.CORRUPT, String.valueOf(e.getMessage()), e);
        }
    }

    private static StoreException unusable(Path file, StoreException.Kind kind, String reason, Exception cause) {
        String remedy = kind == StoreException.Kind.CORRUPT
                ? "; the file is damaged: put back the newest copy of it that you have, or what \"sqlite3 " + file
                        + " .recover\" makes of it"
                : "";
        return new StoreException(kind, "cannot open the catalog " + file + ": " + reason + remedy, cause);
    }

    private static void prepare(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        if (Files.notExists(file)) {
            Files.createFile(file, OWNER_ONLY); // requests hold their senders' variables and input
        }
        Path index = file.resolveSibling(file.getFileName() + "-shm");
        makeIndex(index);
        Schema.migrate(Dialect.writer(file));
        makeIndex(index); // the last close removed it
    }

    /** SQLite maps the index of its log, so that a full disk would end the process where blocks are not written over in place. */
    private static void makeIndex(Path index) throws IOException {
        if (Files.notExists(index)) {
            try (Fd file = FileCalls.open(Fd.CWD, index.toString(), FileCalls.WRITE | FileCalls.CREATE, 0600, 0)) {
                InPlaceWrites.set(file);
            }
        }
    }

    /**
     * Copies what is recorded at one moment to a new file; writers do not wait.
     *
     * @throws StoreException DISK_FULL, IO, CORRUPT
     */
    public void copyTo(Path file) {
        database.copyTo(file);
    }

    /** Completes once a disk has failed: nothing more is recorded until another server opens the catalog. */
    public CompletableFuture<StoreException> stop() {
        return database.stop();
    }

    /** The records of the store. */
    public ImageCatalog images() {
        return images;
    }

    /** The records of the store as a checker reads them. */
    public Records records() {
        return new SqlRecords(database);
    }

    /** The records of ended operations as a checker reads them. */
    public EndedOperations ended() {
        return new SqlRecords(database);
    }

    /** The records of operations. */
    public OperationCatalog operations() {
        return operations;
    }

    /** The records of projects. */
    public ProjectCatalog projects() {
        return projects;
    }

    /** The records of what projects keep. */
    public RetentionCatalog retention() {
        return retention;
    }

    /** The records of runs that answer for equal ones. */
    public RunCacheCatalog runCache() {
        return runCache;
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
