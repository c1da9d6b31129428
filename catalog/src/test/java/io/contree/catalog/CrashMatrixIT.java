package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Errno;
import io.contree.linux.FaultPoint;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.SeededRandom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that dies at each point between two steps of its work, or whose disk is full or fails there: afterwards all that was
 * acknowledged is there and whole, and nothing is left that nobody needs.
 */
@ExtendWith(LeakChecker.class)
class CrashMatrixIT {
    private static final int STEPS = 48;

    /** More than one death at each point, by hand: {@code -Dcontree.crash.rounds=30}. */
    private static final int ROUNDS = Integer.getInteger("contree.crash.rounds", 1);

    @TempDir
    private Path directory;

    private Set<String> points() throws Exception {
        Set<String> reached = FaultPoint.record();
        ToldModel told = new ToldModel();
        Path data = directory.resolve("points");
        for (int start = 0; start < 3; start++) {
            try (CrashedStore store = new CrashedStore(data, trees(), new SeededRandom(start), told::line)) {
                store.work(STEPS);
            }
        }
        return new TreeSet<>(reached);
    }

    private Path trees() throws Exception {
        return Files.createTempDirectory(directory, "trees");
    }

    @Test
    void afterDeathAtAnyPointAllThatWasAcknowledgedIsThere() throws Exception {
        Set<String> points = points();
        assertThat(points).hasSizeGreaterThan(25);
        SeededRandom.forAll(ROUNDS, random -> {
            for (String point : points) {
                Path data = directory.resolve("death-" + UUID.randomUUID());
                ToldModel told = new ToldModel();
                int nth = random.between(1, point.startsWith("catalog.") ? 40 : 3);
                boolean died =
                        new CrashedChild(data, trees(), random.nextLong()).run(point, nth, Integer.MAX_VALUE, told);
                assertThat(died).as(point + " is reached for time " + nth).isTrue();
                verify(data, told, point + " at time " + nth);
            }
        });
    }

    @Test
    void afterAFailureAtAnyPointToo() throws Exception {
        Set<String> points = points();
        SeededRandom.forAll(ROUNDS, random -> {
            for (String point : points) {
                for (Errno errno : List.of(Errno.ENOSPC, Errno.EIO)) {
                    Path data = directory.resolve("failure-" + UUID.randomUUID());
                    ToldModel told = new ToldModel();
                    int nth = random.between(1, 3);
                    SeededRandom own = new SeededRandom(random.nextLong());
                    try (CrashedStore store = new CrashedStore(data, trees(), own, told::line)) {
                        FaultPoint.armFailure(point, errno, nth);
                        store.work(STEPS / 2);
                    } finally {
                        FaultPoint.disarm();
                    }
                    verify(data, told, point + " with " + errno + " at time " + nth);
                }
            }
        });
    }

    /** In a store that is opened on what is left. */
    private void verify(Path data, ToldModel told, String what) throws Exception {
        try (CrashedStore store = new CrashedStore(data, trees(), new SeededRandom(7), told::line)) {
            told.requireAll(store, what);
            StoreWalkIT.check(data, true, what);
            store.work(STEPS / 4);
            told.requireAll(store, what + ", and more work");
            store.store().collect(true);
            told.requireAll(store, what + ", and a collection");
            Layout layout = new Layout(data);
            Set<String> layers = store.catalog().images().layers().stream()
                    .map(LayerId::toString)
                    .collect(Collectors.toSet());
            assertThat(names(layout.layers())).as(what).containsAll(layers);
            assertThat(names(layout.checkouts())).as(what).isEmpty();
        }
        StoreWalkIT.check(data, false, what);
        Set<Path> strangers = setAside(data);
        try (CrashedStore store = new CrashedStore(data, trees(), new SeededRandom(8), told::line)) {
            Layout layout = new Layout(data);
            assertThat(names(layout.layers()))
                    .as(what + ": after another start")
                    .containsExactlyInAnyOrderElementsOf(store.catalog().images().layers().stream()
                            .map(LayerId::toString)
                            .toList());
            assertThat(names(layout.temporary())).as(what).isEmpty();
            assertThat(setAside(data)).as(what + ": after an orderly end").isEqualTo(strangers);
            assertThat(store.catalog().images().releasedLayers()).as(what).isEmpty();
        }
    }

    private static Set<Path> setAside(Path data) throws Exception {
        Path place = new Layout(data).setAside();
        if (Files.notExists(place)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.walk(place, 3)) {
            return all.collect(Collectors.toSet());
        }
    }

    private static List<String> names(Path place) throws Exception {
        try (Stream<Path> children = Files.list(place)) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }
}
