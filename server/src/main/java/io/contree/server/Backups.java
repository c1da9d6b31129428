package io.contree.server;

import io.contree.api.ContreeException;
import io.contree.catalog.CatalogCopy;
import io.contree.catalog.SqlCatalog;
import io.contree.engine.StoreFailures;
import io.contree.engine.log.LogDirectory;
import io.contree.store.StoreException;
import io.contree.store.backup.Backup;
import io.contree.store.backup.BackupSummary;
import io.contree.store.backup.CatalogSource;
import io.contree.store.backup.CopyProgress;
import io.contree.store.backup.NamedThings;
import io.contree.store.backup.Restore;
import io.contree.store.disk.Layout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Backups of a data directory, whether or not its server is running, and data directories made of them. Failures are {@link
 * ContreeException}s that say what to do.
 */
public final class Backups {
    private Backups() {}

    /** The catalog of a data directory, copied beside its server. */
    private record Catalogs(Path data) implements CatalogSource {
        @Override
        public void copyTo(Path file) {
            try (SqlCatalog catalog = Administration.catalog(data)) {
                catalog.copyTo(file);
            }
        }

        @Override
        public NamedThings open(Path copy) {
            return CatalogCopy.open(copy);
        }
    }

    /**
     * Backs a data directory up into another directory.
     *
     * @param keep how many backups that has afterwards, this one included
     */
    public static BackupSummary make(Path data, Path directory, int keep, CopyProgress.Listener listener) {
        Administration.open(data).close(); // says what is wrong before anything is made
        Layout layout = new Layout(data.toAbsolutePath().normalize());
        LogDirectory logs = LogDirectory.at(layout.operations());
        return failing(
                () -> new Backup(layout, new Catalogs(layout.data()), logs::file, listener).make(directory, keep));
    }

    /** The names of the backups in a directory, the oldest first. */
    public static List<String> list(Path directory) {
        return failing(() -> Restore.backups(directory));
    }

    /**
     * Makes a data directory of a backup.
     *
     * @param backup its name; empty for the newest
     * @param data a directory that is empty, missing, or left by a restore that was cut short
     * @param skipDamaged whether what is damaged is left out, instead of ending the restore
     */
    public static BackupSummary restore(
            Path directory, Optional<String> backup, Path data, boolean skipDamaged, CopyProgress.Listener listener) {
        return failing(() -> new Restore(
                        new Catalogs(data),
                        (layout, operation) ->
                                LogDirectory.at(layout.operations()).file(operation),
                        skipDamaged,
                        listener)
                .into(directory, backup, data));
    }

    private static <T> T failing(Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }
}
