package io.contree.store.backup;

import io.contree.linux.FaultPoint;
import io.contree.store.disk.Layout;
import java.nio.file.Path;
import java.util.Optional;

/** A backup or a restore in a process of its own, which dies at a point. */
final class CrashedBackup {
    private CrashedBackup() {}

    /** Arguments: {@code backup} or {@code restore}, data directory, copy of its catalog, backup directory, point, number. */
    public static void main(String[] arguments) {
        Path data = Path.of(arguments[1]);
        CatalogSource catalog = TextCatalog.from(Path.of(arguments[2]));
        Path directory = Path.of(arguments[3]);
        FaultPoint.armDeath(arguments[4], Integer.parseInt(arguments[5]));
        if (arguments[0].equals("backup")) {
            Layout layout = new Layout(data);
            new Backup(layout, catalog, operation -> BackedUpStore.log(layout, operation), progress -> {})
                    .make(directory, 2);
        } else {
            new Restore(catalog, BackedUpStore::log, false, progress -> {}).into(directory, Optional.empty(), data);
        }
    }
}
