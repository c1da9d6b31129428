package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Contree;
import io.contree.sdk.EventStream;
import io.contree.sdk.Execution;
import io.contree.sdk.Image;
import io.contree.sdk.ImageQuery;
import io.contree.sdk.LineageQuery;
import io.contree.sdk.OperationFailedException;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.RootFs;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

/** {@code contree backup} beside a server at work, and {@code contree restore}, both killed at any moment. */
@LeakChecked
class BackupIT {
    private static final int KILLS = 20;
    private static final int KILLED_RESTORES = 6;

    @TempDir
    Path home;

    private TestServer server;
    private Contree contree;
    private Image box;

    /** What the server has confirmed: images with what is in their file {@code /r}. */
    private final Map<UUID, byte[]> confirmed = new ConcurrentHashMap<>();

    @BeforeEach
    void start() throws Exception {
        RootFs.busybox(home.resolve("root"));
        server = TestServer.start(home);
        contree = server.connect();
        box = contree.images()
                .importFrom("rootfs:" + home.resolve("root"))
                .tag("box:1")
                .execute();
    }

    @AfterEach
    void stop() {
        contree.close();
        server.close();
    }

    private void makeImage(Image parent, int bytes) {
        Image image = ServerSuite.after(parent, "head -c " + bytes + " /dev/urandom > /r; mkdir -p d; echo $$ > d/pid");
        confirmed.put(image.uuid(), image.read("/r"));
    }

    private Path backup() {
        return home.resolve("backup");
    }

    /** A command that has ended. */
    private record Ended(int exitCode, String out, String err) {}

    private Process begin(Path directory, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(TestServer.jvm());
        command.add("io.contree.cli.Main");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("CONTREE_"));
        return builder.redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    private Ended run(String... arguments) throws Exception {
        int exitCode = begin(home, arguments).waitFor();
        return new Ended(exitCode, Files.readString(home.resolve("out")), Files.readString(home.resolve("err")));
    }

    private String backUp(Path directory) throws Exception {
        Ended ended =
                run("backup", directory.toString(), "--data", server.data().toString(), "--json");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return ended.out();
    }

    private static long number(String json, String field) {
        return new ObjectMapper().readTree(json).required(field).asLong();
    }

    /** A home whose server has restored data, and the profile of the first one's clients. */
    private Path restore(Path directory, String name) throws Exception {
        Path other = Files.createDirectories(home.resolve(name));
        Ended ended = run(
                "restore", directory.toString(), "--data", other.resolve("data").toString());
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        Files.createDirectories(other.resolve("profile"));
        Files.copy(server.profile().resolve("auth.ini"), other.resolve("profile/auth.ini"));
        return other;
    }

    /** What is looked at on the server of restored data. */
    private interface Look {
        void at(Contree restored) throws Exception;
    }

    private void serve(Path other, Look look) throws Exception {
        try (TestServer second = TestServer.start(other);
                Contree restored = second.connect()) {
            look.at(restored);
            assertThat(second.log()).doesNotContain("is missing from").doesNotContain("set aside");
        }
        Trees.remove(other);
    }

    private static void assertHas(Contree restored, Map<UUID, byte[]> images) {
        images.forEach((uuid, bytes) ->
                assertThat(restored.images().use(uuid).read("/r")).isEqualTo(bytes));
    }

    @Test
    void hasAllThatWasConfirmedBeforeItBegan() throws Exception {
        UUID done = box.shell("echo said; echo 1 > /1").execute().operation().uuid();
        var upload = contree.files().upload(Files.writeString(home.resolve("file"), "uploaded"));
        Execution running = box.shell("echo started; sleep 1000").start();
        try (EventStream events = running.events()) {
            while (!events.next().toString().contains("stdout")) {
                // until it has said something
            }
        }
        box.label("score", "0.7").note("a base");
        AtomicBoolean end = new AtomicBoolean();
        Thread work = Thread.ofPlatform().start(() -> {
            while (!end.get()) {
                makeImage(box, 100_000);
            }
        });
        try {
            for (int i = 0; i < 3; i++) {
                Map<UUID, byte[]> before = Map.copyOf(confirmed);
                int had = before.size();
                backUp(backup());
                assertThat(confirmed.size()).as("runs go on").isGreaterThan(had);
                serve(restore(backup(), "new-" + i), restored -> {
                    assertHas(restored, before);
                    assertThat(restored.images().find("box:1").uuid()).isEqualTo(box.uuid());
                    assertThat(restored.images().list(ImageQuery.all().greatestFirst("score")))
                            .singleElement()
                            .satisfies(image -> assertThat(image.note()).contains("a base"));
                    assertThat(restored.images().use(box.uuid()).lineage(LineageQuery.descendants()))
                            .hasSizeGreaterThanOrEqualTo(before.size());
                    assertThat(ServerSuite.after(restored.images().use(box.uuid()), "true")
                                    .uuid())
                            .isEqualTo(box.uuid());
                    try (EventStream events = restored.operations().events(done)) {
                        assertThat(events)
                                .toIterable()
                                .anySatisfy(
                                        event -> assertThat(event.toString()).contains("stdout"));
                    }
                    assertThatThrownBy(() -> restored.operations().await(running.operation()))
                            .isInstanceOf(OperationFailedException.class)
                            .hasMessageContaining("interrupted");
                    assertThat(restored.files().exists(upload.sha256())).isTrue();
                });
            }
        } finally {
            end.set(true);
            work.join();
            running.cancel();
        }
    }

    @Test
    void aSecondBackupCopiesOnlyWhatIsNew() throws Exception {
        makeImage(box, 20_000_000);
        String first = backUp(backup());
        long layers = number(first, "layers_copied");
        assertThat(layers).isGreaterThanOrEqualTo(2);
        makeImage(box, 1000);
        String second = backUp(backup());
        assertThat(number(second, "layers_copied")).isEqualTo(1);
        assertThat(number(second, "layers_kept")).isEqualTo(layers);
        assertThat(number(second, "bytes")).isLessThan(1_000_000);
        String third = backUp(backup());
        assertThat(number(third, "bytes")).isZero();
        assertThat(run("backup", "--list", backup().toString()).out().lines()).hasSize(3);
        serve(restore(backup(), "new"), restored -> assertHas(restored, confirmed));
    }

    @Test
    void aKillAtAnyMomentLeavesTheBackupsThatAreThere() throws Exception {
        for (int i = 0; i < 20; i++) {
            makeImage(box, 300_000);
        }
        SeededRandom random = new SeededRandom(8);
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            if (random.chance(30)) {
                Trees.remove(backup());
            }
            makeImage(box, random.between(0, 3_000_000));
            Process process = begin(
                    home, "backup", backup().toString(), "--data", server.data().toString(), "--keep", "2");
            if (killWhen(process, backup(), random.between(1, 40))) {
                killed++;
            }
            if (random.chance(40) && hasBackups()) {
                serve(
                        restore(backup(), "new-" + i),
                        restored -> restored.images().find("box:1"));
            }
        }
        assertThat(killed).as("killed before they ended").isGreaterThan(KILLS / 3);
        backUp(backup());
        serve(restore(backup(), "new"), restored -> assertHas(restored, confirmed));
        assertThat(backup().resolve("tmp")).isEmptyDirectory();
    }

    private boolean hasBackups() throws IOException {
        return Files.isDirectory(backup().resolve("backups"))
                && !Files.readString(backup().resolve("contree-backup")).isEmpty()
                && paths(backup().resolve("backups")) > 1;
    }

    /** Kills a process once there are so many paths below a directory that were not there before; false if it ended first. */
    private static boolean killWhen(Process process, Path directory, int more) throws Exception {
        long before = paths(directory);
        while (process.isAlive() && paths(directory) < before + more) {
            Thread.onSpinWait();
        }
        process.destroyForcibly();
        return process.waitFor() == 128 + 9;
    }

    private static long paths(Path directory) {
        if (Files.notExists(directory)) {
            return 0;
        }
        try (Stream<Path> found = Files.walk(directory)) {
            return found.count();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // something went while it was looked at
        }
    }

    @Test
    void aKilledRestoreIsNoDataAndCanBeRepeated() throws Exception {
        for (int i = 0; i < 10; i++) {
            makeImage(box, 100_000);
        }
        backUp(backup());
        SeededRandom random = new SeededRandom(9);
        Path other = Files.createDirectories(home.resolve("new"));
        int killed = 0;
        for (int i = 0; i < KILLED_RESTORES; i++) {
            Process process = begin(
                    home,
                    "restore",
                    backup().toString(),
                    "--data",
                    other.resolve("data").toString());
            if (killWhen(process, other.resolve("data"), random.between(1, 150))) {
                killed++;
                assertThatThrownBy(() -> TestServer.start(other))
                        .satisfies(e ->
                                assertThat(e.getMessage()).containsAnyOf("holds a part of a backup", "is not empty"));
            } else {
                Trees.remove(other.resolve("data"));
            }
        }
        assertThat(killed).isPositive();
        Trees.remove(other.resolve("server.log"));
        serve(restore(backup(), "new"), restored -> assertHas(restored, confirmed));
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        makeImage(box, 100_000);
        backUp(backup());
        Path pack;
        try (Stream<Path> packs = Files.walk(backup().resolve("layers"))) {
            pack = packs.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.write(pack, bytes);
        Ended damaged = run(
                "restore", backup().toString(), "--data", home.resolve("new").toString());
        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.err())
                .startsWith("contree: the backup is damaged: layer " + pack.getFileName())
                .doesNotContain("\tat ");
        assertThat(home.resolve("new")).isEmptyDirectory();
        assertThat(run(
                                "backup",
                                home.resolve("b").toString(),
                                "--data",
                                home.resolve("none").toString())
                        .exitCode())
                .isEqualTo(3);
        assertThat(home.resolve("b")).doesNotExist();
        assertThat(run("backup", server.data() + "/b", "--data", server.data().toString())
                        .exitCode())
                .isEqualTo(2);
        assertThat(run(
                                "restore",
                                home.resolve("none").toString(),
                                "--data",
                                home.resolve("new").toString())
                        .exitCode())
                .isEqualTo(3);
        assertThat(run("restore", backup().toString(), "--data", server.data().toString())
                        .exitCode())
                .isEqualTo(2);
    }
}
