package io.contree.catalog;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite does its own way: how it is opened, its binary type, and how it says that the disk is full. */
final class Dialect {
    private static final int BUSY_MILLIS = 10_000;
    /** What stays of a long log for the next use, in bytes. */
    private static final int LOG_LENGTH = 16 << 20;

    private Dialect() {}

    /** The type of binary columns. */
    static String blob() {
        return "blob";
    }

    /** Connections that write: a transaction is on disk when its commit returns. */
    static DataSource writer(Path file) {
        SQLiteConfig config = common();
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return source(file, config);
    }

    /** Connections that only read; a query sees what was committed last. */
    static DataSource readers(Path file) {
        return source(file, common());
    }

    /** Connections to a file that nobody writes to: it stays as it is, and nothing is made beside it. */
    static DataSource unchanging(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toUri() + "?immutable=1");
        return source;
    }

    /**
     * Copies the database as it is at one moment to a new file, which must be bound; whoever writes goes on meanwhile. The file may not
     * be on disk yet.
     */
    static String copyTo() {
        return "vacuum into ?";
    }

    /** What a new reading connection executes, so that a write through it by mistake fails. */
    static String readerSetup() {
        return "pragma query_only = true";
    }

    private static SQLiteConfig common() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalSizeLimit(LOG_LENGTH);
        return config;
    }

    private static DataSource source(Path file, SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    static boolean isDiskFull(Throwable failure) {
        return code(failure) == SQLiteErrorCode.SQLITE_FULL;
    }

    /** Whether the file is not what was written to it. */
    static boolean isDamaged(Throwable failure) {
        return switch (code(failure)) {
            case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_CORRUPT_VTAB, SQLITE_CORRUPT_SEQUENCE, SQLITE_CORRUPT_INDEX ->
                true;
            case null, default -> false;
        };
    }

    /** Whether it does not know a table or column that every catalog has: what says which there are is not what was written. */
    static boolean isSchemaUnknown(Throwable failure) {
        return code(failure) == SQLiteErrorCode.SQLITE_ERROR;
    }

    /**
     * Whether a write may have lost what was written before it: after a failed flush, the kernel may have dropped the
     * pages and still report that the next one worked.
     */
    static boolean isLoss(Throwable failure) {
        return switch (code(failure)) {
            case SQLITE_IOERR,
                    SQLITE_IOERR_WRITE,
                    SQLITE_IOERR_FSYNC,
                    SQLITE_IOERR_DIR_FSYNC,
                    SQLITE_IOERR_TRUNCATE,
                    SQLITE_IOERR_CLOSE -> true;
            case null, default -> isDamaged(failure);
        };
    }

    private static @Nullable SQLiteErrorCode code(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return sqlite.getResultCode();
            }
        }
        return null;
    }

    /** What makes commits of a connection wait for the disk, or not: then a power cut takes back the last of them, in order. */
    static String flushing(boolean on) {
        return "pragma synchronous = " + (on ? "full" : "normal");
    }

    /** The query that checks a database: one row, "ok" or what is wrong. */
    static String check() {
        return "pragma quick_check(1)";
    }

    /** As {@link #check}, but it looks at everything, indexes too: a row for each thing that is wrong. */
    static String fullCheck() {
        return "pragma integrity_check(20)";
    }

    /**
     * Moves all of the log into the database file and empties it; the first column is 0 if that was possible. So what
     * is in the log is written and flushed again, and nothing depends on a flush by an earlier process.
     */
    static String foldLog() {
        return "pragma wal_checkpoint(truncate)";
    }

    /** As {@link #foldLog}, as far as nobody who reads has to wait or be waited for; so the file gets shorter by what it no longer has. */
    static String copyLog() {
        return "pragma wal_checkpoint(passive)";
    }

    /** The query whose result is 2 if pages can be given back without writing the whole file. */
    static String givesBackPages() {
        return "pragma auto_vacuum";
    }

    /** What lets pages be given back from then on: writes the whole file anew. Nothing is lost by a crash. */
    static List<String> makeGivingBackPages() {
        return List.of("pragma auto_vacuum = incremental", "vacuum");
    }

    /** The query for the number of pages, and the one for how many of them hold nothing. */
    static String pages() {
        return "pragma page_count";
    }

    static String freePages() {
        return "pragma freelist_count";
    }

    /** Gives back pages that hold nothing, by moving others to their places. Is one step for each page, all of which must be done. */
    static String giveBack(long pages) {
        return "pragma incremental_vacuum(" + pages + ")";
    }

    /** What the database says, without the words of the layers above it. */
    static String words(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return String.valueOf(sql.getMessage());
            }
        }
        return failure.toString();
    }
}
