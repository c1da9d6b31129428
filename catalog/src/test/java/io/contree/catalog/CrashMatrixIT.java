package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Errno;
import io.contree.linux.FaultPoint;
import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.ImageView;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.SeededRandom;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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
    private static final long SECONDS = 120;

    /** More than one death at each point, by hand: {@code -Dcontree.crash.rounds=30}. */
    private static final int ROUNDS = Integer.getInteger("contree.crash.rounds", 1);

    @TempDir
    private Path directory;

    /** What is there if everything told is true, and what may have gone. */
    private static final class Told {
        private final Map<UUID, String> images = new HashMap<>();
        private final Map<Digest, String> uploads = new HashMap<>();

        void line(String line) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "image" -> images.put(UUID.fromString(words[1]), words[2]);
                case "removing" -> images.remove(UUID.fromString(words[1]));
                case "upload" -> uploads.put(new Digest(words[1].replace("sha256:", "")), words[2]);
                case "giving-up" -> uploads.remove(new Digest(words[1].replace("sha256:", "")));
                default -> {}
            }
        }
    }

    private Set<String> points() throws Exception {
        Set<String> reached = FaultPoint.record();
        Told told = new Told();
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
                Told told = new Told();
                int nth = random.between(1, point.startsWith("catalog.") ? 40 : 3);
                boolean died = die(data, random.nextLong(), point, nth, told);
                assertThat(died).as(point + " is reached for time " + nth).isTrue();
                verify(data, told, point + " at time " + nth);
            }
        });
    }

    private boolean die(Path data, long seed, String point, int nth, Told told) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashedStore.class.getName()));
        command.addAll(List.of(
                data.toString(), trees().toString(), Long.toString(seed), point, Integer.toString(nth), "100000"));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told.line(line);
            }
            return child.waitFor(SECONDS, TimeUnit.SECONDS) && child.exitValue() == FaultPoint.DIED;
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void afterAFailureAtAnyPointToo() throws Exception {
        Set<String> points = points();
        SeededRandom.forAll(ROUNDS, random -> {
            for (String point : points) {
                for (Errno errno : List.of(Errno.ENOSPC, Errno.EIO)) {
                    Path data = directory.resolve("failure-" + UUID.randomUUID());
                    Told told = new Told();
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
    private void verify(Path data, Told told, String what) throws Exception {
        try (CrashedStore store = new CrashedStore(data, trees(), new SeededRandom(7), told::line)) {
            isAllThere(store, told, what);
            store.work(STEPS / 4);
            isAllThere(store, told, what + ", and more work");
            store.store().collect(true);
            isAllThere(store, told, what + ", and a collection");
            Layout layout = new Layout(data);
            Set<String> layers = store.catalog().images().layers().stream()
                    .map(LayerId::toString)
                    .collect(Collectors.toSet());
            assertThat(names(layout.layers())).as(what).containsAll(layers);
            assertThat(names(layout.checkouts())).as(what).isEmpty();
        }
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

    private static void isAllThere(CrashedStore store, Told told, String what) throws Exception {
        for (Map.Entry<UUID, String> image : told.images.entrySet()) {
            assertThat(store.catalog().projects().image(CrashedStore.PROJECT, image.getKey()))
                    .as(what)
                    .isPresent();
            try (ImageView view = store.store().view(store.store().image(image.getKey()));
                    var bytes = view.open(new RawPath("f")).bytes()) {
                assertThat(new String(bytes.readAllBytes(), StandardCharsets.UTF_8))
                        .as(what)
                        .isEqualTo(image.getValue());
            }
        }
        for (Map.Entry<Digest, String> upload : told.uploads.entrySet()) {
            assertThat(store.catalog().projects().file(CrashedStore.PROJECT, upload.getKey()))
                    .as(what)
                    .isPresent();
            try (FileChannel file = store.store().files().open(upload.getKey())) {
                ByteBuffer bytes = ByteBuffer.allocate(100);
                file.read(bytes);
                assertThat(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8))
                        .as(what)
                        .isEqualTo(upload.getValue());
            }
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
