package io.contree.store.oci;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImportSource;
import io.contree.store.InMemoryImageCatalog;
import io.contree.store.Store;
import io.contree.store.StoreConfig;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import io.contree.store.archive.DirectoryArchive;
import io.contree.store.overlay.OverlayStore;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an import may read of its own machine; sending the same bytes instead makes the same image. */
@ExtendWith(LeakChecker.class)
class LocalImportIT {
    @TempDir
    Path scratch;

    private StoreFixture store;
    private OverlayStore narrow;
    private Path root;

    @BeforeEach
    void open() throws IOException {
        Requirements.root();
        store = new StoreFixture();
        root = Files.createDirectory(scratch.resolve("root"));
        narrow = OverlayStore.open(
                new StoreConfig(scratch.resolve("data"), Optional.empty(), false, List.of(root)),
                new InMemoryImageCatalog());
    }

    @AfterEach
    void close() throws Exception {
        narrow.close();
        store.close();
    }

    private static Image importFrom(Store store, String reference, Optional<Digest> upload) {
        return store.importer()
                .importImage(
                        new ImportSource(reference, Optional.empty(), Duration.ofMinutes(1), upload, new UUID(0, 1)),
                        (what, done, total) -> {})
                .image();
    }

    private static void assertRefused(Store store, String reference, String words) {
        assertThatThrownBy(() -> importFrom(store, reference, Optional.empty()))
                .as(reference)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
                .hasMessageContaining(words);
    }

    @Test
    void onlyWhatLiesBelowARoot() throws Exception {
        shell(
                scratch,
                "mkdir -p outside root/in/side; echo x > outside/file; echo y > root/in/side/file;"
                        + " ln -s in root/near; ln -s ../outside root/out; ln -s " + scratch + "/outside root/far;"
                        + " ln -s /proc/self/root root/magic; ln -s loop root/loop");

        assertThat(importFrom(narrow, "rootfs:" + root + "/in", Optional.empty()))
                .isEqualTo(importFrom(narrow, "rootfs:" + root + "/near", Optional.empty()));
        for (String outside : List.of("/etc", root + "/../outside", scratch.toString(), root + "er")) {
            assertRefused(narrow, "rootfs:" + outside, "local-import-roots");
            assertRefused(narrow, "oci:" + outside, "local-import-roots");
            assertRefused(narrow, "oci-archive:" + outside + "/file", "local-import-roots");
            assertRefused(narrow, "docker-archive:" + outside + "/file", "local-import-roots");
        }
        for (String link : List.of("/out", "/out/file", "/far", "/far/file", "/in/../out/file")) {
            assertRefused(narrow, "rootfs:" + root + link, "a symbolic link leads out");
        }
        assertRefused(narrow, "rootfs:" + root + "/magic/etc", "a symbolic link leads out");
        assertRefused(narrow, "rootfs:" + root + "/loop", "circle");
        assertRefused(store.store(), "rootfs:/proc/self/root/etc", "/proc");
        assertRefused(narrow, "rootfs:" + root + "/none", "does not exist");
    }

    @Test
    void withoutRootsNothingIsRead() {
        assertRefused(reopened(List.of()), "rootfs:" + root, "local-import-roots");
    }

    private OverlayStore reopened(List<Path> roots) {
        narrow.close();
        narrow = OverlayStore.open(
                new StoreConfig(scratch.resolve("data"), Optional.empty(), false, roots), new InMemoryImageCatalog());
        return narrow;
    }

    private Path below(String... names) {
        Path path = store.data;
        for (String name : names) {
            path = path.resolve(name);
        }
        return path;
    }

    @Test
    void theServersOwnDataIsNeverReadWhateverTheWay() throws Exception {
        Image image = store.image(layer -> StoreFixture.file(layer, "dir/file", "x"));
        String tree = store.layout().layer(image.layers().getFirst()).tree().toString();
        Files.writeString(below("catalog.db"), "acknowledged runs");
        Path holder = Files.createDirectory(scratch.resolve("holder"));
        shell(
                scratch,
                "mkdir mounted deep parent linked; ln -s " + store.data + " link; ln " + store.data
                        + "/catalog.db linked/x;"
                        + " mkdir -p layout/blobs; ln " + store.data + "/catalog.db layout/index.json;"
                        + " mount --bind " + store.data + "/layers mounted; mount --bind " + tree + "/dir deep;"
                        + " mount --bind " + store.data.getParent() + " parent");
        try {
            Store open = store.store();
            for (Path way : List.of(
                    store.data,
                    below("layers"),
                    below("tmp"),
                    Path.of(tree, "dir"),
                    Path.of(tree, "dir", "file"),
                    below("catalog.db"),
                    scratch.resolve("link"),
                    scratch.resolve("link/catalog.db"),
                    scratch.resolve("linked"),
                    scratch.resolve("linked/x"),
                    scratch.resolve("mounted"),
                    scratch.resolve("deep"),
                    scratch.resolve("deep/file"),
                    scratch.resolve("parent").resolve(store.data.getFileName()))) {
                assertRefused(open, "rootfs:" + way, "data of this server");
                assertRefused(
                        open,
                        "docker-archive:" + way,
                        way.endsWith("linked") ? "not a regular file" : "data of this server");
            }
            assertRefused(open, "oci:" + scratch.resolve("layout"), "data of this server");
            String around = "rootfs:" + within(holder);
            assertRefused(store.store(), around, "data of this server");
            assertThat(store.children(below("tmp"))).isEmpty();
        } finally {
            shell(scratch, "umount mounted deep parent");
        }
    }

    /** A directory on the file system of the data, so that a walk would reach it. */
    private Path within(Path holder) throws Exception {
        Path inside = holder.resolve("deep/er");
        Files.createDirectories(inside);
        store.close();
        store = new StoreFixture(inside.resolve("data"), Optional.empty(), 64);
        return holder;
    }

    @Test
    void noImportMakesTheServerDropItsLocks() throws Exception {
        Path catalog = Files.writeString(below("catalog.db"), "x");
        Files.createLink(scratch.resolve("hard"), catalog);
        Object inode = Files.getAttribute(catalog, "unix:ino");
        try (FileChannel channel = FileChannel.open(catalog, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            for (String way :
                    List.of(store.data.toString(), catalog.toString(), scratch + "/hard", scratch.toString())) {
                assertRefused(store.store(), "rootfs:" + way, "data of this server");
                assertThat(Files.readString(Path.of("/proc/locks"))).as(way).contains(":" + inode + " ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rootfs:%s", "docker-archive:%s", "oci-archive:%s", "oci:%s.d"})
    void noErrorQuotesAFile(String reference) throws Exception {
        for (String secret :
                List.of("root:$y$hunter2:19000:0\n".repeat(40), "hunter2", "{\"a\": hunter2}", "[hunter2")) {
            Path file = Files.writeString(scratch.resolve("shadow"), secret);
            Files.createDirectories(scratch.resolve("shadow.d"));
            Files.writeString(scratch.resolve("shadow.d/index.json"), secret);
            assertThatThrownBy(() -> importFrom(store.store(), reference.formatted(file), Optional.empty()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageNotContaining("hunter2")
                    .hasMessageNotContaining("root:");
        }
    }

    @Test
    void aDirectoryThatIsSentIsTheSameImage() throws Exception {
        Path tree = Files.createDirectory(scratch.resolve("tree"));
        shell(
                tree,
                "n=$(printf %0200d 0); mkdir -p $n/$n empty mounted; echo x > $n/$n/file; ln $n/$n/file linked;"
                        + " ln -s $(printf %0250d 1) longtarget; echo y > \"$(printf 'bad\\377name')\"; mkfifo fifo;"
                        + " mknod c c 1 3; mknod b b 7 300; echo s > owned; chown 70000:3000000 owned; chmod 6711 owned;"
                        + " truncate -s 300M sparse; printf mid | dd of=sparse bs=1M seek=10 conv=notrunc status=none;"
                        + " echo t > old; touch -d '1969-12-31 23:59:58.123456789 UTC' old; chmod 1777 empty;"
                        + " mount -t tmpfs tmpfs mounted; echo no > mounted/no");
        try {
            Files.getFileAttributeView(
                            tree.resolve("owned"), java.nio.file.attribute.UserDefinedFileAttributeView.class)
                    .write("binary", java.nio.ByteBuffer.wrap(new byte[] {0, -1, 10, 61}));
            Image direct = importFrom(store.store(), "rootfs:" + tree, Optional.empty());
            Path tar = scratch.resolve("sent.tar");
            try (var out = Files.newOutputStream(tar)) {
                DirectoryArchive.write(tree, out, true);
            }
            assertThat(Files.size(tar)).isLessThan(2 << 20);
            try (InputStream in = Files.newInputStream(tar)) {
                StoredFile file = store.store().files().put(in);
                assertThat(importFrom(store.store(), "upload:rootfs:" + file.uuid(), Optional.of(file.digest())))
                        .isEqualTo(direct);
            }
        } finally {
            shell(tree, "umount mounted");
        }
    }

    @Test
    void theDataOfAServerIsNotPacked() throws Exception {
        Path holder = within(Files.createDirectory(scratch.resolve("holder")));
        assertThatThrownBy(() -> DirectoryArchive.write(holder, OutputStream.nullOutputStream(), true))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("data of a contree server");
    }

    @Test
    void anUploadThatIsNotThereIsReported() {
        String reference = "upload:rootfs:01234567-89ab-8cde-8f01-23456789abcd";
        for (Optional<Digest> upload :
                List.of(Optional.<Digest>empty(), Optional.of(Digest.parse("sha256:" + "0".repeat(64))))) {
            assertThatThrownBy(() -> importFrom(store.store(), reference, upload))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
        }
    }
}
