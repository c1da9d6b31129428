package io.contree.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.contree.linux.LinuxException;
import io.contree.store.StoreException;
import io.contree.store.disk.Headroom;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One database: many readers, one writer. Its failures are {@link StoreException}s. Safe for several threads. */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int READERS = 8;
    /** Pages that are given back at a time: a few milliseconds. */
    private static final long STEP = 256;
    /** Free pages that stay for what comes next, at least and as a part of all. */
    private static final long SPARE = 256;

    private static final long SPARE_PART = 16;

    private final Path file;
    private final HikariDataSource pool;
    private final Jdbi reading;
    private final GroupWriter writer;
    private final @Nullable LiveMark mark;
    private final @Nullable Headroom headroom;

    private Database(
            Path file,
            HikariDataSource pool,
            GroupWriter writer,
            @Nullable LiveMark mark,
            @Nullable Headroom headroom) {
        this.file = file;
        this.pool = pool;
        this.reading = Jdbi.create(pool);
        this.writer = writer;
        this.mark = mark;
        this.headroom = headroom;
    }

    /** For short use, while others may have it open. */
    static Database openSqlite(Path file) {
        return open(file, new GroupWriter(Jdbi.create(Dialect.writer(file)).open(), Durability.STRICT), null, null);
    }

    /**
     * For a server: the database is checked first, and no other process takes it for one that nobody uses.
     *
     * @param headroom what removals may use of the disk when it is full
     * @param durability of {@link #writeRelaxed}
     * @throws DamagedException if the check finds damage
     */
    static Database serveSqlite(Path file, Headroom headroom, Durability durability) throws LinuxException {
        Handle handle = Jdbi.create(Dialect.writer(file)).open();
        GroupWriter writer = new GroupWriter(handle, durability);
        try {
            prove(handle);
            letGiveBack(handle);
            return open(file, writer, LiveMark.set(file), headroom);
        } catch (LinuxException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    private static Database open(Path file, GroupWriter writer, @Nullable LiveMark mark, @Nullable Headroom headroom) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("catalog");
        config.setDataSource(Dialect.readers(file));
        config.setConnectionInitSql(Dialect.readerSetup());
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(1);
        return new Database(file, new HikariDataSource(config), writer, mark, headroom);
    }

    private static void prove(Handle handle) {
        if (!foldLog(handle)) {
            throw new StoreException(
                    StoreException.Kind.IO,
                    "another program, such as a SQLite shell, is reading the catalog, so its log cannot be checked;"
                            + " end it and try again");
        }
        String said = handle.createQuery(Dialect.check()).mapTo(String.class).first();
        if (!said.equals("ok")) {
            throw new DamagedException("its check says: " + said);
        }
    }

    /** Done once, to new catalogs and to those of earlier versions. */
    private static void letGiveBack(Handle handle) {
        if (number(handle, Dialect.givesBackPages()) == 2) {
            return;
        }
        try {
            Dialect.makeGivingBackPages().forEach(handle::execute);
            foldLog(handle);
        } catch (JdbiException e) {
            LOG.warn("the catalog does not get smaller; the next start tries again: {}", Dialect.words(e));
        }
    }

    private static long number(Handle handle, String query) {
        return handle.createQuery(query).mapTo(Long.class).first();
    }

    private static boolean foldLog(Handle handle) {
        return handle.createQuery(Dialect.foldLog()).mapTo(Integer.class).first() == 0;
    }

    /** Completes once a disk has failed and nothing more is written. */
    CompletableFuture<StoreException> stop() {
        return writer.stop();
    }

    /** Reads what was committed last. */
    <T> T read(GroupWriter.Work<T> work) {
        try {
            return reading.withHandle(work::in);
        } catch (JdbiException e) {
            throw failure("read from", e);
        } catch (IllegalArgumentException | NullPointerException | IndexOutOfBoundsException | DateTimeException e) {
            throw malformed(e);
        }
    }

    /** Writes in a transaction that is on disk on return. */
    <T> T write(GroupWriter.Work<T> work) {
        return writing(() -> writer.write(work));
    }

    /** As {@link #write}; where the server is set so, it may be on disk only a moment later. */
    <T> T writeRelaxed(GroupWriter.Work<T> work) {
        return writing(() -> writer.writeRelaxed(work));
    }

    /** As {@link #write}, but on disk only with the next write that is; for what nobody is told of before that. */
    <T> T writeWithNext(GroupWriter.Work<T> work) {
        return writing(() -> writer.writeWithNext(work));
    }

    private static <T> T writing(Supplier<T> write) {
        try {
            return write.get();
        } catch (JdbiException e) {
            throw failure("write to", e);
        } catch (IllegalArgumentException | NullPointerException | IndexOutOfBoundsException | DateTimeException e) {
            throw malformed(e);
        }
    }

    /** As {@link #write}, of something that is removed: that works on a full disk too. */
    <T> T remove(GroupWriter.Work<T> work) {
        try {
            return write(work);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.DISK_FULL || headroom == null) {
                throw e;
            }
            headroom.giveUp();
            return write(work);
        }
    }

    /** To be called when there may be room again. */
    void takeHeadroom() {
        if (headroom != null) {
            headroom.take();
        }
    }

    /** Gives the disk back what nothing is stored in any more, but for a reserve, in short transactions between those of others. */
    void giveBack() {
        if (read(Database::spare) <= 0) {
            return;
        }
        boolean more;
        do {
            more = write(Database::giveBackSome);
        } while (more);
        try {
            writer.alone(handle -> number(handle, Dialect.copyLog()));
        } catch (JdbiException e) {
            throw failure("shorten", e);
        }
    }

    /** Free pages beyond the reserve. */
    private static long spare(Handle handle) {
        if (number(handle, Dialect.givesBackPages()) != 2) {
            return 0;
        }
        return number(handle, Dialect.freePages()) - Math.max(SPARE, number(handle, Dialect.pages()) / SPARE_PART);
    }

    /** False once no more is to be given back. */
    private static boolean giveBackSome(Handle handle) {
        long spare = spare(handle);
        if (spare <= 0) {
            return false;
        }
        // Not as a query: that would be ended after its first row, which is the first page.
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.executeUpdate(Dialect.giveBack(Math.min(spare, STEP)));
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
        return spare > STEP;
    }

    /** Copies what was committed last to a new file. */
    void copyTo(Path copy) {
        // The pool's connections refuse whatever writes anything, were it another file.
        try (Handle handle = Jdbi.create(Dialect.readers(file)).open()) {
            handle.execute(Dialect.copyTo(), copy.toString());
        } catch (JdbiException e) {
            throw failure("copy", e);
        }
    }

    /** What was read cannot have been written. */
    private static StoreException malformed(RuntimeException e) {
        return new StoreException(
                StoreException.Kind.CORRUPT,
                "the catalog is damaged: a record in it cannot be read (" + e.getMessage()
                        + "); \"contree fsck\" tells more",
                e);
    }

    private static StoreException failure(String action, JdbiException e) {
        return new StoreException(kind(e), "cannot " + action + " the catalog: " + Dialect.words(e), e);
    }

    static StoreException.Kind kind(Exception e) {
        if (Dialect.isDiskFull(e)) {
            return StoreException.Kind.DISK_FULL;
        }
        return Dialect.isDamaged(e) || Dialect.isSchemaUnknown(e)
                ? StoreException.Kind.CORRUPT
                : StoreException.Kind.IO;
    }

    /**
     * With a mark, SQLite does not copy the log into the file at the last close, as it usually does. That is done here,
     * but not after a failed flush: then the next process has to read the log from the disk, checksums and all.
     */
    @Override
    public void close() {
        pool.close();
        if (mark != null && !writer.stop().isDone()) {
            try {
                writer.alone(Database::foldLog);
            } catch (JdbiException e) {
                LOG.warn("the log of the catalog stays beside it for the next start: {}", Dialect.words(e));
            }
        }
        writer.close();
        if (mark != null) {
            mark.close();
        }
    }
}
