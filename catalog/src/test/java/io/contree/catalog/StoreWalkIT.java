package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.FaultPoint;
import io.contree.store.backup.Backup;
import io.contree.store.backup.CatalogSource;
import io.contree.store.backup.NamedThings;
import io.contree.store.backup.Restore;
import io.contree.store.check.Check;
import io.contree.store.check.Fault;
import io.contree.store.disk.CatalogLink;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Removal;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.SeededRandom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long life of one data directory: commits, branches, tags, pins, uploads, removals, collections and merges at random, ended by
 * deaths at random points, checked, backed up and gone on with on what was restored, against what was told. Equal trees have equal
 * UUIDs, and only they.
 */
@ExtendWith(LeakChecker.class)
class StoreWalkIT {
    private static final int LIVES = Integer.getInteger("contree.walk.lives", 12);
    private static final int MOST_STEPS = 60;

    @TempDir
    private Path directory;

    private record Catalogs(Path data) implements CatalogSource {
        @Override
        public void copyTo(Path file) {
            try (SqlCatalog catalog = SqlCatalog.administer(CatalogLink.of(data))) {
                catalog.copyTo(file);
            }
        }

        @Override
        public NamedThings open(Path copy) {
            return CatalogCopy.open(copy);
        }
    }

    @Test
    void nothingIsLostAndNothingIsLeft() {
        SeededRandom.forAll(1, random -> {
            Path data = directory.resolve("data-" + UUID.randomUUID());
            Path backups = directory.resolve("backups-" + UUID.randomUUID());
            ToldModel told = new ToldModel();
            List<String> points = points();
            for (int life = 0; life < LIVES; life++) {
                String what = "life " + life;
                if (random.chance(70)) {
                    CrashedChild child = new CrashedChild(data, trees(), random.nextLong());
                    child.run(random.pick(points), random.between(1, 4), random.between(5, MOST_STEPS), told);
                } else {
                    try (CrashedStore store =
                            new CrashedStore(data, trees(), new SeededRandom(random.nextLong()), told::line)) {
                        store.work(random.between(5, MOST_STEPS));
                        check(data, true, what);
                    }
                }
                try (CrashedStore store =
                        new CrashedStore(data, trees(), new SeededRandom(random.nextLong()), told::line)) {
                    told.requireAll(store, what);
                }
                check(data, false, what);
                if (random.chance(40)) {
                    data = restored(data, backups);
                    check(data, false, what + ", restored");
                }
            }
        });
    }

    private List<String> points() throws Exception {
        Set<String> reached = FaultPoint.record();
        try (CrashedStore store =
                new CrashedStore(directory.resolve("points"), trees(), new SeededRandom(1), line -> {})) {
            store.work(MOST_STEPS);
        }
        return new ArrayList<>(new TreeSet<>(reached));
    }

    private Path trees() throws Exception {
        return Files.createTempDirectory(directory, "trees");
    }

    /** Reads every byte. */
    static void check(Path data, boolean live, String what) {
        List<Fault> faults = new ArrayList<>();
        try (SqlCatalog catalog = SqlCatalog.administer(CatalogLink.of(data))) {
            new Check(
                            new Layout(data),
                            catalog.images(),
                            catalog.records(),
                            new Check.Options(true, live),
                            (step, done, total, bytes) -> {},
                            faults::add)
                    .run();
        }
        assertThat(faults).as(what).allMatch(fault -> fault.kind().isHarmless());
    }

    /** The directory as it is after a loss: a backup of it, restored elsewhere; the old one is gone. */
    private Path restored(Path data, Path backups) throws Exception {
        Path logs = directory.resolve("no-logs");
        new Backup(new Layout(data), new Catalogs(data), operation -> logs.resolve(operation.toString()), at -> {})
                .make(backups, 2);
        Path next = directory.resolve("data-" + UUID.randomUUID());
        new Restore(new Catalogs(next), (layout, operation) -> logs.resolve(operation.toString()), false, at -> {})
                .into(backups, Optional.empty(), next);
        Removal.remove(data);
        return next;
    }
}
