package io.contree.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.contree.store.StoreException;
import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** One database: many readers, one writer. Failures of it are {@link StoreException}s. Safe for use by several threads. */
final class Database implements AutoCloseable {
    private static final int READERS = 8;

    private final HikariDataSource pool;
    private final Jdbi reading;
    private final GroupWriter writer;

    private Database(HikariDataSource pool, GroupWriter writer) {
        this.pool = pool;
        this.reading = Jdbi.create(pool);
        this.writer = writer;
    }

    static Database openSqlite(Path file) {
        Jdbi writing = Jdbi.create(Dialect.writer(file));
        GroupWriter writer = new GroupWriter(writing.open());
        HikariConfig config = new HikariConfig();
        config.setPoolName("catalog");
        config.setDataSource(Dialect.readers(file));
        config.setConnectionInitSql(Dialect.readerSetup());
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(1);
        return new Database(new HikariDataSource(config), writer);
    }

    /** Reads from the last commit on. */
    <T> T read(GroupWriter.Work<T> work) {
        try {
            return reading.withHandle(work::in);
        } catch (JdbiException e) {
            throw failure("read from", e);
        }
    }

    /** Writes in a transaction that is on disk on return. */
    <T> T write(GroupWriter.Work<T> work) {
        try {
            return writer.write(work);
        } catch (JdbiException e) {
            throw failure("write to", e);
        }
    }

    private static StoreException failure(String action, JdbiException e) {
        StoreException.Kind kind = Dialect.isDiskFull(e) ? StoreException.Kind.DISK_FULL : StoreException.Kind.IO;
        return new StoreException(kind, "cannot " + action + " the catalog: " + Dialect.words(e), e);
    }

    @Override
    public void close() {
        pool.close();
        writer.close();
    }
}
