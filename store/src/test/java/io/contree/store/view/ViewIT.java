package io.contree.store.view;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.contree.linux.Mounts;
import io.contree.linux.RawPath;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.StoreException;
import io.contree.store.disk.Pins;
import io.contree.store.disk.Removal;
import io.contree.store.disk.SharedContents;
import io.contree.store.overlay.DiskUsage;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.RootFs;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.TreeSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Views of images, hostile ones included. */
@ExtendWith(LeakChecker.class)
class ViewIT {
    private StoreFixture store;
    private Image base;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture();
        base = store.base();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private static void fails(StoreException.Kind kind, Runnable look) {
        assertThatThrownBy(look::run)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void listsInByteOrderWithAllFields() {
        try (ImageView view = store.store().view(base)) {
            assertThat(view.list(new RawPath("/")))
                    .extracting(ImageView.Entry::name)
                    .containsExactly("data", "dev", "etc", "link", "proc", "sys", "tmp");
            assertThat(view.list(new RawPath("data"))).hasSize(4);
            ImageView.Entry link = view.stat(new RawPath("link"), false).orElseThrow();
            assertThat(link.symlinkTarget().raw()).isEqualTo("data/a");
            assertThat(view.stat(new RawPath("link"), true).orElseThrow().size())
                    .isEqualTo(3);
            assertThat(view.stat(new RawPath("data/a"), true).orElseThrow().nlink())
                    .isEqualTo(2);
            assertThat(view.stat(new RawPath("/"), true).orElseThrow().mode()).isEqualTo(040755);
            assertThat(view.stat(new RawPath("nothing"), true)).isEmpty();
            assertThat(view.stat(new RawPath("data/a/x"), true)).isEmpty();
        }
    }

    @Test
    void aDirectoryInPiecesIsTheWholeInOrder() throws Exception {
        SeededRandom random = new SeededRandom(5);
        TreeSet<String> names = new TreeSet<>(random.list(60, 60, () -> random.rawName(30)));
        Image many = store.image(layer -> {
            for (String name : names) {
                StoreFixture.file(layer, "many/" + name, "x");
            }
        });
        try (ImageView view = store.store().view(many);
                ImageView.Directory directory = view.directory(new RawPath("/many"))) {
            assertThat(directory.names("", Integer.MAX_VALUE)).containsExactlyElementsOf(names);
            for (int limit : new int[] {1, 7, names.size()}) {
                List<String> pages = new ArrayList<>();
                List<String> page = directory.names("", limit);
                while (!page.isEmpty()) {
                    assertThat(page).hasSizeLessThanOrEqualTo(limit);
                    assertThat(directory.entries(page))
                            .extracting(ImageView.Entry::name)
                            .containsExactlyElementsOf(page);
                    pages.addAll(page);
                    page = directory.names(page.getLast(), limit);
                }
                assertThat(pages).containsExactlyElementsOf(names);
            }
        }
    }

    @Test
    void mountPointsThatTheImageDoesNotHoldAreNotShown() throws Exception {
        Image bare = store.image(layer -> StoreFixture.file(layer, "etc/passwd", "x"));
        try (ImageView view = store.store().view(bare)) {
            assertThat(view.list(new RawPath("/")))
                    .extracting(ImageView.Entry::name)
                    .containsExactly("etc");
            assertThat(view.list(new RawPath("/etc")))
                    .extracting(ImageView.Entry::name)
                    .containsExactly("passwd");
        }
        Image changed = store.after(bare, root -> StoreFixture.write(root.resolve("etc/new"), "y"));
        try (ImageView view = store.store().view(changed)) {
            assertThat(view.list(new RawPath("/etc")))
                    .extracting(ImageView.Entry::name)
                    .containsExactly("new", "passwd");
        }
    }

    @Test
    void failuresSayWhatIsWrong() {
        try (ImageView view = store.store().view(base)) {
            fails(StoreException.Kind.NOT_FOUND, () -> view.list(new RawPath("nothing")));
            fails(StoreException.Kind.WRONG_TYPE, () -> view.list(new RawPath("data/a")));
            fails(StoreException.Kind.NOT_FOUND, () -> view.open(new RawPath("data/zzz")));
            fails(StoreException.Kind.WRONG_TYPE, () -> view.open(new RawPath("data")));
            fails(StoreException.Kind.INVALID, () -> view.open(new RawPath("a\0b")));
            fails(StoreException.Kind.INVALID, () -> view.stat(new RawPath("a/".repeat(3000)), true));
            fails(StoreException.Kind.INVALID, () -> view.list(new RawPath("n".repeat(256))));
            fails(StoreException.Kind.NOT_FOUND, () -> {
                try {
                    view.archive(new RawPath("nothing"), OutputStream.nullOutputStream());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void hostileImagesShowOnlyThemselves() throws Exception {
        Path secret = Files.writeString(Files.createTempFile("contree-secret-", ""), "secret");
        try {
            Image hostile = store.after(
                    base,
                    root -> shell(
                            root,
                            "ln -s " + secret + " abs; ln -s ../../../../../../.." + secret + " rel;"
                                    + " ln -s /proc/self/fd magic; ln -s loop loop; mkfifo fifo; mknod disk b 254 0;"
                                    + " mknod null c 1 3; ln -s ../../../.. up; echo root:x:0:0 > etc/group;"
                                    + " printf 'evil\\001:x:5:5:\\n:x:6:\\nok:x:7\\n' >> etc/group"));
            try (ImageView view = store.store().view(hostile)) {
                for (String path : List.of("abs", "rel", "up" + secret, "../.." + secret, "magic/0")) {
                    fails(StoreException.Kind.NOT_FOUND, () -> view.open(new RawPath(path)));
                }
                fails(StoreException.Kind.NOT_FOUND, () -> view.open(new RawPath("loop")));
                for (String path : List.of("fifo", "disk", "null")) {
                    fails(StoreException.Kind.WRONG_TYPE, () -> view.open(new RawPath(path)));
                }
                assertThat(view.list(new RawPath("up")))
                        .extracting(ImageView.Entry::name)
                        .contains("abs", "up");
                assertThat(view.names().group(0)).contains("root");
                assertThat(view.names().group(5)).isEmpty();
                assertThat(view.names().group(7)).contains("ok");
                var archive = new ByteArrayOutputStream();
                view.archive(new RawPath("/"), archive);
                assertThat(archive.toString(StandardCharsets.ISO_8859_1)).doesNotContain("secretsecret");
            }
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void anArchiveHasAllThatGnuTarCanRestore() throws Exception {
        Image image = store.after(
                base,
                root -> shell(
                        root,
                        "mkdir -p deep; cd deep; n=$(printf %0200d 0); mkdir -p $n/$n; echo x > $n/$n/file;"
                                + " echo y > \"$(printf 'bad\\377name')\"; ln data.x z 2>/dev/null || true;"
                                + " echo h > h1; ln h1 h2; ln $n/$n/file longlink; mkfifo p; mknod c c 1 3; mknod b b 7 1;"
                                + " echo s > cap; setcap cap_net_raw+ep cap; setfattr -n user.bin -v 0xff00fe cap;"
                                + " setfacl -m u:33:r cap; chmod 6711 cap; chown 70000:3000000 cap;"
                                + " truncate -s 300M sparse; printf mid | dd of=sparse bs=1 seek=100M conv=notrunc status=none;"
                                + " truncate -s 1M hole; touch -d '1969-12-31 23:59:58.5 UTC' old; touch -d @1.123456789 ns;"
                                + " ln -s $(printf %0150d 1) longtarget; ln -s \"$(printf '\\377')\" badtarget"));
        Path tar = Files.createTempFile("contree-", ".tar");
        Path out = Files.createTempDirectory("contree-");
        try (ImageView view = store.store().view(image)) {
            try (OutputStream stream = Files.newOutputStream(tar)) {
                view.archive(new RawPath("/"), stream);
            }
            assertThat(Files.size(tar)).isLessThan(200_000);
            RootFs.unpack(tar, out);
            ViewMounts.ViewMount mount = store.views().use(image.layers());
            TreeSnapshot.read(out).assertSameAs(TreeSnapshot.read(mount.root()));
            store.views().release(image.layers());
            assertThat(DiskUsage.of(out)).isLessThan(2 << 20);
        } finally {
            Removal.remove(out);
            Files.delete(tar);
        }
    }

    @Test
    void anArchiveOfADirectoryHasItAsItsRootAndOneOfAFileHasOneEntry() throws Exception {
        try (ImageView view = store.store().view(base)) {
            assertThat(archived(view, "/data")).containsExactly("./", "a", "b", "linked", "sub/", "sub/c");
            assertThat(archived(view, "link")).containsExactly("link");
        }
    }

    private static List<String> archived(ImageView view, String path) throws IOException {
        var bytes = new ByteArrayOutputStream();
        view.archive(new RawPath(path), bytes);
        List<String> names = new ArrayList<>();
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    @Test
    void viewsShareAMountThatGoesWhenItIsIdle() throws Exception {
        try (ViewMounts mounts = new ViewMounts(
                store.layout(),
                SharedContents.none(store.layout()),
                new Pins(store.layout()),
                Duration.ofMillis(100))) {
            ViewMounts.ViewMount one = mounts.use(base.layers());
            assertThat(mounts.use(base.layers())).isSameAs(one);
            mounts.release(base.layers());
            assertThat(Mounts.below(one.root())).hasSize(1);
            mounts.release(base.layers());
            await().until(() -> !Files.exists(one.root()));
            assertThat(Mounts.below(one.root())).isEmpty();
        }
    }

    @Test
    void anOpenFileOutlivesItsView() throws Exception {
        ImageView.OpenFile file;
        try (ImageView view = store.store().view(base)) {
            file = view.open(new RawPath("data/a"));
        }
        store.reopen();
        assertThat(file.size()).isEqualTo(3);
        try (var bytes = file.bytes()) {
            assertThat(bytes.readAllBytes()).asString().isEqualTo("aaa");
        }
    }
}
