package io.contree.server;

import static io.contree.server.DamageCases.LEFT;
import static io.contree.server.DamageCases.cases;
import static io.contree.server.DamageCases.flip;
import static io.contree.server.DamageCases.remove;
import static io.contree.server.DamageCases.replace;
import static io.contree.server.DamageCases.tree;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.catalog.SqlCatalog;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.server.DamageCases.Case;
import io.contree.server.DamageCases.Reader;
import io.contree.server.config.ServerConfig;
import io.contree.server.http.ApiClient;
import io.contree.store.Checkout;
import io.contree.store.ImageView;
import io.contree.store.StoreConfig;
import io.contree.store.StoreException;
import io.contree.store.disk.DataDirectory;
import io.contree.store.overlay.OverlayStore;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a real server left, damaged on disk in every way: each is found and named, and met by a reader as an error that says so. */
@ExtendWith(LeakChecker.class)
class FsckIT {
    @TempDir
    private static Path directory;

    private static SoundData sound;

    @BeforeAll
    static void make() throws Exception {
        Requirements.root();
        Requirements.crun();
        sound = SoundData.make(directory);
    }

    @TestFactory
    Stream<DynamicTest> everyDamageIsFoundAndNamed() {
        return cases().stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> check(each)));
    }

    private static void check(Case each) throws Exception {
        Path to = Files.createTempDirectory(directory, "damaged").resolve("data");
        SoundData data = sound.copy(to);
        try {
            each.damage().to(data);
            List<Fsck.Row> rows = faults(data).stream()
                    .filter(row -> !row.kind().equals("leftover"))
                    .toList();
            assertThat(rows).as("exactly this fault").hasSize(1).first().satisfies(row -> {
                assertThat(row.kind()).as(row.toString()).isEqualTo(each.kind());
                assertThat(row.subject()).as(row.toString()).isEqualTo(each.subject());
                assertThat(row.path()).as(row.toString()).isEqualTo(each.path());
                assertThat(row.names()).as(row.toString()).isEqualTo(each.tags());
            });
            meet(each, each.reader(), data);
            if (each.subject().equals("upload")) {
                assertThat(faults(data)).as("healed by uploading again").isEmpty();
                each.damage().to(data);
            }
            repair(each, data);
        } finally {
            FileCalls.removeTree(to.getParent());
        }
    }

    private static List<Fsck.Row> faults(SoundData data) {
        List<Fsck.Row> rows = new ArrayList<>();
        check(data, Fsck.Mode.CHECK, rows);
        return rows;
    }

    private static Fsck.Summary check(SoundData data, Fsck.Mode mode, List<Fsck.Row> rows) {
        return Fsck.check(data.data(), mode, true, (what, done, total, bytesRead) -> {}, rows::add);
    }

    /** Repairs; what cannot be is refused from then on, and nothing else is wrong. */
    private static void repair(Case each, SoundData data) throws Exception {
        List<Fsck.Row> rows = new ArrayList<>();
        Fsck.Summary summary = check(data, Fsck.Mode.REPAIR, rows);
        List<Fsck.Row> left = faults(data).stream()
                .filter(row -> !row.kind().equals("leftover"))
                .toList();
        assertThat(left).as("left of %s", rows).hasSize((int) (summary.faults() - summary.repaired()));
        assertThat(summary.repaired() == 1).as(rows.toString()).isEqualTo(!LEFT.contains(each.name()));
        if (left.isEmpty() && !each.subject().equals("upload")) {
            meet(each, Reader.SERVED, data);
        } else if (each.subject().equals("layer")) {
            meet(each, Reader.REFUSED, data);
        }
    }

    /** What a server makes of it. */
    private static void meet(Case each, Reader reader, SoundData data) throws Exception {
        try (DataDirectory opened = DataDirectory.open(data.data());
                SqlCatalog catalog = SqlCatalog.serve(opened.catalogLink());
                OverlayStore store = OverlayStore.open(
                        opened, new StoreConfig(data.data(), Optional.empty(), false), catalog.images())) {
            assertThat(read(store, data.other(), "other")).isEqualTo("other\n");
            if (each.subject().equals("upload")) {
                assertThatThrownBy(() -> store.files().open(data.upload()))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED))
                        .hasMessageContaining(data.upload().toString())
                        .hasMessageContaining("upload it again");
                store.files().put(new java.io.ByteArrayInputStream(SoundData.UPLOADED.getBytes(UTF_8)));
                store.files().open(data.upload()).close();
            } else if (reader == Reader.REFUSED) {
                assertThatThrownBy(() -> touch(store, data.second()))
                        .isInstanceOfSatisfying(
                                StoreException.class,
                                e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(StoreException.Kind.DAMAGED))
                        .hasMessageContaining("image " + data.second())
                        .hasMessageContaining("damaged")
                        .hasMessageContaining("contree fsck");
            } else if (reader == Reader.SERVED) {
                touch(store, data.second());
            }
        }
    }

    /** Runs on an image and looks into it, into a large file too. */
    private static void touch(OverlayStore store, UUID image) throws IOException {
        try (Checkout checkout = store.checkout(store.image(image))) {
            assertThat(checkout.root().resolve("d/more")).hasContent("two");
        }
        assertThat(read(store, image, "d/more")).isEqualTo("two\n");
        assertThat(read(store, image, "d/large")).hasSize(17_000_000);
    }

    private static String read(OverlayStore store, UUID image, String path) throws IOException {
        try (ImageView view = store.view(store.image(image));
                var bytes = view.open(new RawPath(path)).bytes()) {
            return new String(bytes.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void whatIsSoundIsClean() {
        assertThat(faults(sound)).isEmpty();
    }

    @Test
    void aReachedStateHealsWithAllThatStandsOnIt() throws Exception {
        SoundData data =
                sound.copy(Files.createTempDirectory(directory, "healed").resolve("data"));
        try (ContreeServer server = ContreeServer.start(SoundData.config(data.data(), directory.resolve("rootfs")));
                ApiClient client = new ApiClient(server.uri(), server.createToken())) {
            String script = "echo kept > /kept; touch -d @1000000000 /kept";
            UUID made = SoundData.image(SoundData.run(client, data.base(), script));
            UUID above = SoundData.image(SoundData.run(client, made, "echo above > /above"));
            remove(data.layer(made).directory());

            var answer = client.get("/inspect/" + above + "/download?path=/above");
            assertThat(answer.status()).as(answer.text()).isEqualTo(410);
            assertThat(answer.error())
                    .contains("image " + above)
                    .contains("is damaged")
                    .contains("contree fsck");
            JsonNode run = SoundData.run(client, made, "true");
            assertThat(run.get("status").stringValue()).isEqualTo("FAILED");
            assertThat(run.get("error").stringValue()).contains("image " + made).contains("is damaged");
            assertThat(SoundData.image(SoundData.run(client, data.base(), script)))
                    .isEqualTo(made);
            assertThat(client.get("/inspect/" + above + "/download?path=/above").text())
                    .isEqualTo("above\n");

            remove(data.layer(data.base()).directory());
            run = SoundData.run(client, above, "true");
            assertThat(run.get("error").stringValue())
                    .contains("image " + above)
                    .contains("is damaged");
            assertThat(SoundData.importBase(client, directory.resolve("rootfs")))
                    .isEqualTo(data.base());
            assertThat(client.get("/inspect/" + above + "/download?path=/kept").text())
                    .isEqualTo("kept\n");
            assertThat(SoundData.image(SoundData.run(client, above, "true"))).isEqualTo(above);
        }
        assertThat(faults(data).stream().filter(row -> !row.kind().equals("leftover")))
                .isEmpty();
    }

    @Test
    void aDamagedLogIsAnError() throws Exception {
        SoundData data = sound.copy(Files.createTempDirectory(directory, "log").resolve("data"));
        replace(data.log(), "made", "mzde");
        try (ContreeServer server = ContreeServer.start(SoundData.config(data.data(), directory.resolve("rootfs")));
                ApiClient client = new ApiClient(server.uri(), server.createToken())) {
            for (String path : List.of("", "/events", "/subprocesses/1")) {
                var answer = client.get("/operations/" + data.run() + path);
                assertThat(answer.status()).as(path + answer.text()).isEqualTo(410);
                assertThat(answer.error()).contains(data.run().toString()).contains("damaged");
            }
        }
    }

    @Test
    void aScrubFindsWhatNobodyLooksAt() throws Exception {
        SoundData data =
                sound.copy(Files.createTempDirectory(directory, "scrub").resolve("data"));
        flip(tree(data, "d/sub/deep/file"), 1);
        Map<String, String> settings = new HashMap<>(SoundData.settings(data.data(), directory.resolve("rootfs")));
        settings.put("scrub", "1GiB");
        try (ContreeServer server = ContreeServer.start(ServerConfig.load(settings, Map.of()));
                ApiClient client = new ApiClient(server.uri(), server.createToken())) {
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            String file = "/inspect/" + data.first() + "/download?path=/d/file";
            while (client.get(file).status() == 200 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(client.get(file).error()).contains("d/sub/deep/file").contains("other bytes");
            assertThat(client.get("/inspect/" + data.other() + "/download?path=/other")
                            .text())
                    .isEqualTo("other\n");
        }
    }

    @Test
    void aServerAtWorkHasNoFaults() throws Exception {
        SoundData data = sound.copy(Files.createTempDirectory(directory, "live").resolve("data"));
        AtomicBoolean ended = new AtomicBoolean();
        try (ContreeServer server = ContreeServer.start(SoundData.config(data.data(), directory.resolve("rootfs")));
                ApiClient client = new ApiClient(server.uri(), server.createToken());
                var threads = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> work = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                int number = thread;
                work.add(threads.submit(() -> {
                    UUID image = data.first();
                    int runs = 0;
                    for (; !ended.get(); runs++) {
                        String script = "echo " + runs + " > /f" + number + "; rm -f /d/link; mkdir -p /d/sub/" + runs;
                        image = SoundData.image(SoundData.run(client, image, script));
                    }
                    return runs;
                }));
            }
            try {
                for (int round = 0; round < 10; round++) {
                    assertThat(faults(data)).isEmpty();
                }
            } finally {
                ended.set(true);
            }
            for (Future<Integer> each : work) {
                assertThat(each.get()).isGreaterThan(2);
            }
            flip(tree(data, "d/sub/deep/file"), 1);
            List<Fsck.Row> rows = new ArrayList<>();
            Fsck.Summary summary = check(data, Fsck.Mode.REPAIR, rows);
            assertThat(summary.live()).isTrue();
            assertThat(rows).hasSize(1).first().extracting(Fsck.Row::repaired).isNull();
            assertThat(client.get("/inspect/" + data.first() + "/download?path=/d/more")
                            .status())
                    .isEqualTo(410);
            assertThat(client.get("/inspect/" + data.other() + "/download?path=/other")
                            .text())
                    .isEqualTo("other\n");
        }
    }
}
