package io.contree.store.backup;

import io.contree.linux.FaultPoint;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.store.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes from a backup directory the oldest backups, and then what none of the others needs. Used by one thread. */
final class Pruning {
    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

    private final BackupDirectory target;
    private final CatalogSource catalogs;
    private final Set<String> layers = new HashSet<>();
    private final Set<String> files = new HashSet<>();
    private final Set<String> logs = new HashSet<>();

    Pruning(BackupDirectory target, CatalogSource catalogs) {
        this.target = target;
        this.catalogs = catalogs;
    }

    /** @return how many layers, contents, files and logs were removed */
    long keepNewest(int keep) throws IOException {
        List<Snapshot> snapshots = target.snapshots();
        int old = Math.max(0, snapshots.size() - keep);
        for (Snapshot snapshot : snapshots.subList(0, old)) {
            // Away from its name first: a backup is there as a whole or not at all.
            Path aside = target.temporary();
            FileCalls.rename(snapshot.directory(), aside, false);
            FaultPoint.reach("backup.old-one-moved");
            FileCalls.removeTree(aside);
        }
        for (Snapshot snapshot : snapshots.subList(old, snapshots.size())) {
            if (!need(snapshot)) {
                return 0;
            }
        }
        long removed = target.layers().keep(layers::contains)
                + target.files().keep(files::contains)
                + target.logs().keep(logs::contains);
        return removed + removeContents();
    }

    /** False if a backup cannot be read: then nobody knows what it needs, and everything stays. */
    private boolean need(Snapshot snapshot) throws IOException {
        try {
            Snapshot.Contents contents = snapshot.read();
            if (!Restore.sha256(snapshot.catalog()).equals(contents.catalog())) {
                throw new DamageException("its catalog is damaged");
            }
        } catch (DamageException e) {
            LOG.warn(
                    "the backup {} is damaged, so nothing is removed from its directory: {}; delete it, unless you can put"
                            + " back what was there",
                    snapshot.directory(),
                    e.getMessage());
            return false;
        }
        try (NamedThings named = catalogs.open(snapshot.catalog())) {
            named.layers().forEach(layer -> layers.add(layer.toString()));
            named.files().forEach(file -> files.add(file.hex()));
            named.forEachOperation((operation, ended) -> {
                if (ended) {
                    logs.add(BackupDirectory.logName(operation));
                }
            });
        }
        return true;
    }

    private long removeContents() throws IOException {
        if (target.contents().names().isEmpty()) {
            return 0;
        }
        Set<String> needed = new HashSet<>();
        for (String layer : target.layers().names()) {
            try (Fd pack = FileCalls.open(target.layers().place(layer), FileCalls.READ)) {
                PackIndex.read(pack).stubs().values().stream().map(Digest::hex).forEach(needed::add);
            } catch (DamageException e) {
                LOG.warn("the packed layer {} in {} is damaged: {}", layer, target.directory(), e.getMessage());
                return 0;
            }
        }
        return target.contents().keep(needed::contains);
    }
}
