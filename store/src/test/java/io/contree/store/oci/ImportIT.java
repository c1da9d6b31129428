package io.contree.store.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.Image;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.OciLayout;
import io.contree.testkit.RootFs;
import io.contree.testkit.Skopeo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports from every kind of source into a real store, some of them hostile. */
@ExtendWith(LeakChecker.class)
class ImportIT {
    private StoreFixture store;

    @TempDir
    Path scratch;

    @BeforeEach
    void open() throws IOException {
        store = new StoreFixture();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private Importer.Imported importFrom(String reference) {
        return importFrom(reference, Optional.empty());
    }

    private Importer.Imported importFrom(String reference, Optional<LoopbackRegistry.Credentials> login) {
        var credentials = login.map(l -> new ImportSource.Credentials(l.user(), l.password()));
        return store.store()
                .importer()
                .importImage(
                        new ImportSource(reference, credentials, Duration.ofSeconds(60)), (what, done, total) -> {});
    }

    private StoreException failure(String reference) {
        try {
            importFrom(reference);
        } catch (StoreException e) {
            assertThat(store.layout().data().resolve("tmp")).isEmptyDirectory();
            return e;
        }
        throw new AssertionError(reference + " was imported");
    }

    /** Lists the entries of a tar. */
    private interface Listing {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private Path tar(String name, Listing listing) throws IOException {
        Path file = scratch.resolve(name + ".tar");
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            listing.write(tar);
        }
        return file;
    }

    private static void file(TarArchiveOutputStream tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        entry.setMode(0644);
        entry.setModTime(1_000_000_000_000L);
        put(tar, entry, bytes);
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] bytes) throws IOException {
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, byte flag, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, flag, true);
        entry.setLinkName(target);
        put(tar, entry, new byte[0]);
    }

    private static void directory(TarArchiveOutputStream tar, String name) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_DIR, true);
        entry.setMode(0755);
        put(tar, entry, new byte[0]);
    }

    /** Three layers that add up to {@code a/keep}, {@code a/linked} (one file) and {@code b} (a file that was a directory). */
    private List<Path> layers() throws IOException {
        return List.of(
                tar("one", tar -> {
                    directory(tar, "./");
                    directory(tar, "a/");
                    file(tar, "a/keep", "kept");
                    file(tar, "a/gone", "gone");
                    directory(tar, "b/");
                    file(tar, "b/inner", "inner");
                    directory(tar, "c/");
                    file(tar, "c/old", "old");
                }),
                tar("two", tar -> {
                    file(tar, "a/.wh.gone", "");
                    file(tar, ".wh.b", "");
                    file(tar, "b", "now a file");
                    file(tar, "c/new", "new");
                    file(tar, "c/.wh..wh..opq", "");
                }),
                tar("three", tar -> {
                    link(tar, "a/linked", TarConstants.LF_LINK, "a/keep");
                    file(tar, ".wh.c", "");
                }));
    }

    private Path sameAsLayers() throws IOException {
        return tar("flat", tar -> {
            directory(tar, "./");
            directory(tar, "a/");
            file(tar, "a/keep", "kept");
            link(tar, "a/linked", TarConstants.LF_LINK, "a/keep");
            file(tar, "b", "now a file");
        });
    }

    @Test
    void everySourceOfOneTreeIsOneImage() throws Exception {
        Path flat = sameAsLayers();
        Image byTar = importFrom("rootfs:" + flat).image();
        Path tree = Files.createDirectory(scratch.resolve("tree"));
        RootFs.unpack(flat, tree);
        assertThat(importFrom("rootfs:" + tree).image()).isEqualTo(byTar);
        Path layout = OciLayout.write(scratch.resolve("layout"), "1", layers(), List.of());
        assertThat(importFrom("oci:" + layout).image().uuid()).isEqualTo(byTar.uuid());
        Path archive = scratch.resolve("archive.tar");
        new Skopeo(Optional.empty()).copy("oci:" + layout, "docker-archive:" + archive + ":x:1");
        assertThat(importFrom("docker-archive:" + archive).image().uuid()).isEqualTo(byTar.uuid());
        assertThat(store.read(byTar, "a/linked")).isEqualTo("kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void packedTarsAreTheSame(String packer) throws Exception {
        Path flat = sameAsLayers();
        Image plain = importFrom("rootfs:" + flat).image();
        Path packed = scratch.resolve("packed");
        assertThat(new ProcessBuilder(packer, "-c", flat.toString())
                        .redirectOutput(packed.toFile())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(importFrom("rootfs:" + packed).image()).isEqualTo(plain);
    }

    @Test
    void whatIsHereIsNotFetchedAgainAndBasesAreShared() throws Exception {
        List<Path> layers = layers();
        try (LoopbackRegistry registry = LoopbackRegistry.open()) {
            push(registry, "base", layers.subList(0, 2));
            push(registry, "top", layers);
            Importer.Imported base = importFrom("docker://" + registry.host() + "/base:1");
            assertThat(base.bytesMoved()).isPositive();
            Importer.Imported top = importFrom("docker://" + registry.host() + "/top:1");
            assertThat(top.image().layers()).startsWith(base.image().layers().toArray(LayerId[]::new));
            int before = registry.requests().size();
            Importer.Imported again = importFrom("docker://" + registry.host() + "/top:1");
            assertThat(again.bytesMoved()).isZero();
            assertThat(again.image()).isEqualTo(top.image());
            assertThat(registry.requests().subList(before, registry.requests().size()))
                    .as("manifest and config only")
                    .hasSizeLessThanOrEqualTo(3);
        }
    }

    private void push(LoopbackRegistry registry, String name, List<Path> layers) throws Exception {
        Path layout = OciLayout.write(
                scratch.resolve("push-" + name + registry.host().replace(":", "-")),
                "1",
                layers,
                List.of("PATH=/odd", "A=b"));
        new Skopeo(registry.credentials()).push(layout, registry.host() + "/" + name + ":1");
    }

    @Test
    void onlyEnvOfTheConfigCounts() throws Exception {
        Path layout = OciLayout.write(scratch.resolve("env"), "1", layers(), List.of("A=b", "PATH=/odd"));
        assertThat(importFrom("oci:" + layout).image().env())
                .containsEntry("A", "b")
                .containsEntry("PATH", "/odd");
        Path usual = OciLayout.write(
                scratch.resolve("usual"),
                "1",
                layers(),
                List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        assertThat(importFrom("oci:" + usual).image().env()).isEmpty();
    }

    @Test
    void registriesThatWantALogin() throws Exception {
        try (LoopbackRegistry basic = LoopbackRegistry.withBasicAuth();
                LoopbackRegistry token = LoopbackRegistry.withTokenAuth()) {
            for (LoopbackRegistry registry : List.of(basic, token)) {
                push(registry, "private", layers());
                String reference = "docker://" + registry.host() + "/private:1";
                assertThat(failure(reference)).satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(StoreException.Kind.REGISTRY);
                    assertThat(e.getMessage()).containsIgnoringCase("401").containsIgnoringCase("credentials");
                });
                assertThat(importFrom(reference, registry.credentials()).bytesMoved())
                        .isGreaterThanOrEqualTo(0);
                var wrong = Optional.of(new LoopbackRegistry.Credentials("contree", "wrong"));
                assertThatThrownBy(() -> importFrom(reference, wrong))
                        .isInstanceOf(StoreException.class)
                        .hasMessageNotContaining("wrong\"");
            }
        }
    }

    @Test
    void unknownImagesAndRegistries() throws Exception {
        try (LoopbackRegistry registry = LoopbackRegistry.open()) {
            assertThat(failure("docker://" + registry.host() + "/nothing:1").getMessage())
                    .contains("nothing:1")
                    .contains("404");
        }
        assertThat(failure("docker://127.0.0.1:9/nothing:1").kind()).isEqualTo(StoreException.Kind.REGISTRY);
        assertThat(failure("docker://169.254.169.254/latest/meta-data:1").getMessage())
                .contains("private address");
        assertThat(failure("docker://10.1.2.3/x:1").getMessage()).contains("private address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "a/../../out", "/../out", "a/b/../../../out"})
    void namesThatLeaveTheRootAreRefused(String name) throws Exception {
        Path evil = tar("evil", tar -> file(tar, name, "x"));
        assertThat(failure("rootfs:" + evil).kind()).isEqualTo(StoreException.Kind.INVALID);
    }

    @Test
    void linksInTheArchiveAreNeverFollowed() throws Exception {
        Path outside = Files.createDirectory(scratch.resolve("outside"));
        Path evil = tar("evil", tar -> {
            link(tar, "door", TarConstants.LF_SYMLINK, outside.toString());
            file(tar, "door/planted", "x");
        });
        assertThat(failure("rootfs:" + evil).kind()).isEqualTo(StoreException.Kind.INVALID);
        assertThat(outside).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/shadow", "/etc/shadow", "nothing/there"})
    void hardLinksToWhatIsNotInTheImageAreRefused(String target) throws Exception {
        Path evil = tar("evil", tar -> link(tar, "stolen", TarConstants.LF_LINK, target));
        assertThat(failure("rootfs:" + evil).kind()).isEqualTo(StoreException.Kind.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {".wh...", ".wh..", ".wh.", "../.wh.x", "a/.wh.x/y"})
    void hostileWhiteoutsAreRefused(String name) throws Exception {
        Path layer = tar("evil", tar -> file(tar, name, ""));
        Path layout = OciLayout.write(scratch.resolve("evil-layout"), "1", List.of(layer), List.of());
        assertThat(failure("oci:" + layout).kind()).isEqualTo(StoreException.Kind.INVALID);
    }

    @Test
    void whiteoutNamesAreLiteralInARootFileSystem() throws Exception {
        Path odd = tar("odd", tar -> file(tar, ".wh.name", "literal"));
        assertThat(store.read(importFrom("rootfs:" + odd).image(), ".wh.name")).isEqualTo("literal");
    }

    @Test
    void bytesOfNamesAndLaterDuplicatesWin() throws Exception {
        Path tree = Files.createDirectory(scratch.resolve("bytes"));
        assertThat(new ProcessBuilder("bash", "-c", "printf x > $'bad\\xff\\xfename'; printf y > " + "n".repeat(255))
                        .directory(tree.toFile())
                        .start()
                        .waitFor())
                .isZero();
        Image byTree = importFrom("rootfs:" + tree).image();
        Path packed = RootFs.pack(tree, scratch.resolve("bytes.tar"));
        assertThat(importFrom("rootfs:" + packed).image()).isEqualTo(byTree);
        Path twice = tar("twice", tar -> {
            file(tar, "x", "first");
            file(tar, "x", "second");
        });
        assertThat(store.read(importFrom("rootfs:" + twice).image(), "x")).isEqualTo("second");
    }

    @Test
    void aDamagedLayerIsRefusedAndNothingIsRecorded() throws Exception {
        Path layout = OciLayout.write(scratch.resolve("damaged"), "1", layers(), List.of());
        try (var blobs = Files.list(layout.resolve("blobs/sha256"))) {
            Path largest = blobs.max((x, y) ->
                            Long.compare(x.toFile().length(), y.toFile().length()))
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(largest);
            bytes[bytes.length / 2] ^= 1;
            Files.write(largest, bytes);
        }
        assertThat(failure("oci:" + layout).kind()).isEqualTo(StoreException.Kind.INVALID);
        assertThat(store.catalog.layers()).isEmpty();
    }

    @Test
    void layoutsWithSymlinksAndPathsAsDigestsAreRefused() throws Exception {
        Path layout = OciLayout.write(scratch.resolve("linked"), "1", layers(), List.of());
        Path index = layout.resolve("index.json");
        String json = Files.readString(index);
        Files.writeString(index, json.replaceFirst("sha256:[0-9a-f]{64}", "sha256:../../../../etc/passwd"));
        assertThat(failure("oci:" + layout).kind()).isEqualTo(StoreException.Kind.INVALID);
        Files.writeString(index, json);
        Path blobs = layout.resolve("blobs/sha256");
        Path moved = Files.move(blobs, scratch.resolve("moved"));
        Files.createSymbolicLink(blobs, moved);
        assertThat(failure("oci:" + layout).kind()).isEqualTo(StoreException.Kind.INVALID);
    }

    @Test
    void decompressionBombsAreRefused() throws Exception {
        Path bomb = scratch.resolve("bomb.gz");
        assertThat(new ProcessBuilder(
                                "bash",
                                "-c",
                                "(tar -cf - -C / --transform 's/^/x/' etc/hostname; head -c 700M /dev/zero) | gzip -1")
                        .redirectOutput(bomb.toFile())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(failure("rootfs:" + bomb).getMessage()).contains("bomb");
    }
}
