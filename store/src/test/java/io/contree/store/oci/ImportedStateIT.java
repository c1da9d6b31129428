package io.contree.store.oci;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.Image;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.StoreException;
import io.contree.store.overlay.DiskUsage;
import io.contree.store.overlay.StoreFixture;
import io.contree.store.view.ViewMounts;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.OciLayout;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import io.contree.testkit.Skopeo;
import io.contree.testkit.TreeSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an import brings equals its source entry by entry, and what fails leaves nothing. GNU tar is the oracle. */
@ExtendWith(LeakChecker.class)
class ImportedStateIT {
    private StoreFixture store;

    @TempDir
    Path scratch;

    @BeforeEach
    void open() throws IOException {
        Requirements.root();
        store = new StoreFixture();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private static Image importFrom(StoreFixture store, String reference, Duration timeout) {
        ImportSource source = new ImportSource(reference, Optional.empty(), timeout);
        return store.store()
                .importer()
                .importImage(source, (what, done, total) -> {})
                .image();
    }

    private Image importFrom(String reference) {
        return importFrom(store, reference, Duration.ofMinutes(5));
    }

    private void equals(Image image, Path tree) throws IOException {
        ViewMounts.ViewMount mount = store.views().use(image.layers());
        try {
            TreeSnapshot imported = TreeSnapshot.read(mount.root()).withoutDirectoryTimes();
            imported.assertSameAs(TreeSnapshot.read(tree).withoutDirectoryTimes());
        } finally {
            store.views().release(image.layers());
        }
    }

    /** The mount points that lie below every image, so that a view shows them with the tree's own attributes. */
    private static final String MOUNT_POINTS = "mkdir dev proc sys etc; touch etc/hosts etc/hostname etc/resolv.conf;";

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "posix", "oldgnu"})
    void everyKindOfEntryInEveryFormatOfGnuTar(String format) throws Exception {
        Path tree = Files.createDirectory(scratch.resolve("tree"));
        shell(
                tree,
                MOUNT_POINTS
                        + "n=$(printf %0200d 0); mkdir -p $n/$n; echo x > $n/$n/file; ln $n/$n/file linked;"
                        + " ln -s $(printf %0250d 1) longtarget; echo y > \"$(printf 'bad\\377name')\";"
                        + " mkfifo fifo; mknod c c 1 3; mknod b b 7 300; echo s > owned; chmod 6711 owned;"
                        + " chown 70000:3000000 owned; chmod 6711 owned; touch old;"
                        + " truncate -s 300M sparse; for at in 10 50 100 150 200 250;"
                        + " do printf mid | dd of=sparse bs=1M seek=$at conv=notrunc status=none; done;"
                        + " truncate -s 1M hole; find . ! -type d -exec touch -h -d @1700000000 {} +;"
                        + " touch -d '1969-12-31 23:59:58 UTC' old");
        Path tar = scratch.resolve("tree.tar");
        shell(scratch, "tar --format=" + format + " --sparse --numeric-owner -C tree -cf tree.tar .");
        Image image = importFrom("rootfs:" + tar);
        equals(image, tree);
        assertThat(importFrom("rootfs:" + tree)).isEqualTo(image);
        assertThat(DiskUsage.of(store.data)).isLessThan(8 << 20);
    }

    @Test
    void aDebianRootIsOneImageAsTarAsTreeAndFromARegistry() throws Exception {
        Path tar = RootFs.debianTar();
        Image image = importFrom("rootfs:" + tar);
        Path tree = RootFs.debianTree();
        assertThat(importFrom("rootfs:" + tree)).isEqualTo(image);
        equals(image, tree);
        Path layout = OciLayout.write(scratch.resolve("layout"), "1", List.of(tar), List.of());
        try (LoopbackRegistry registry = LoopbackRegistry.open()) {
            String name = registry.host() + "/debian:1";
            new Skopeo(registry.credentials()).push(layout, name);
            assertThat(importFrom("docker://" + name).uuid()).isEqualTo(image.uuid());
            String digest = new Skopeo(registry.credentials()).digest(name);
            assertThat(importFrom("docker://" + registry.host() + "/debian@" + digest)
                            .uuid())
                    .isEqualTo(image.uuid());
        }
    }

    @Test
    void aFullDiskLeavesNothing() throws Exception {
        Path small = Files.createDirectory(scratch.resolve("small"));
        Path tree = Files.createDirectory(scratch.resolve("tree"));
        shell(tree, "head -c 12M /dev/urandom > large");
        shell(scratch, "mount -t tmpfs -o size=6M tmpfs small");
        try (StoreFixture full = new StoreFixture(small.resolve("data"), Optional.empty(), 64)) {
            assertThatThrownBy(() -> importFrom(full, "rootfs:" + tree, Duration.ofMinutes(1)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DISK_FULL));
            assertThat(full.catalog.layers()).isEmpty();
            assertThat(full.children(full.layout().data().resolve("tmp"))).isEmpty();
        } finally {
            shell(scratch, "umount small");
        }
    }

    @Test
    void anImportThatIsCancelledOrOutOfTimeLeavesNothing() throws Exception {
        Path tree = Files.createDirectory(scratch.resolve("tree"));
        shell(tree, "truncate -s 100G large");
        ImportSource source = new ImportSource("rootfs:" + tree, Optional.empty(), Duration.ofMinutes(1));
        Importer.Progress cancelled = new Importer.Progress() {
            @Override
            public void step(String what, long done, long total) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> store.store().importer().importImage(source, cancelled))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CANCELLED));
        assertThatThrownBy(() -> importFrom(store, "rootfs:" + tree, Duration.ofMillis(300)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("timed out")
                .hasMessageNotContaining("registry");
        assertThat(store.catalog.layers()).isEmpty();
        assertThat(store.children(store.layout().data().resolve("tmp"))).isEmpty();
    }

    @Test
    void hostileDockerArchivesAreRefused() throws Exception {
        Path outside = Files.writeString(scratch.resolve("outside"), "[]");
        shell(scratch, "mkdir a; ln -s " + outside + " a/manifest.json; tar -C a -cf link.tar .");
        assertThatThrownBy(() -> importFrom("docker-archive:" + scratch.resolve("link.tar")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("manifest.json");
        shell(scratch, "head -c 400M /dev/zero > zeros; tar --remove-files -cf - zeros | gzip -1 > bomb.tar");
        assertThatThrownBy(() -> importFrom("docker-archive:" + scratch.resolve("bomb.tar")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("bomb");
        assertThat(store.children(store.layout().data().resolve("tmp"))).isEmpty();
    }
}
