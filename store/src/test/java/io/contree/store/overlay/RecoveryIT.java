package io.contree.store.overlay;

import static io.contree.store.overlay.StoreFixture.noEnv;
import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.Mounts;
import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Image;
import io.contree.store.InMemoryImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.StoreConfig;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import io.contree.store.disk.Removal;
import io.contree.store.manifest.StackSums;
import io.contree.store.state.StateSums;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.LoopDisk;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is left after a kill, a full disk and a long chain of commits. */
@ExtendWith(LeakChecker.class)
class RecoveryIT {
    @Test
    void aKilledStoresLeftoversAreRemovedAtOpen() throws Exception {
        try (StoreFixture store = new StoreFixture()) {
            Image base = store.base();
            Image next = store.after(base, root -> Files.writeString(root.resolve("x"), "x"));
            StoredFile file = store.store().files().put(new ByteArrayInputStream(new byte[9]));
            // What a kill leaves: a mounted checkout, a view, half-made and unnamed things.
            Checkout checkout = store.store().checkout(next);
            Files.writeString(checkout.root().resolve("lost"), "lost");
            assertThat(store.store().views().use(base.layers()).root().resolve("data"))
                    .exists();
            LayerId unnamed = store.layer(List.of(), layer -> StoreFixture.file(layer, "u", "u"));
            Path layout = store.layout().layer(unnamed).directory();
            Files.writeString(store.layout().temporary().resolve("half"), "half");
            Files.createDirectories(store.layout().files().resolve("ab"));
            Files.writeString(store.layout().files().resolve("ab").resolve("ab" + "0".repeat(62)), "unnamed");
            assertThat(Mounts.below(store.data)).hasSize(3);

            store.abandon();

            assertThat(Mounts.below(store.data)).containsExactly(store.layout().mounts());
            assertThat(layout).doesNotExist();
            assertThat(store.children(store.layout().temporary())).isEmpty();
            assertThat(store.children(store.layout().checkouts())).isEmpty();
            assertThat(store.children(store.layout().mounts())).isEmpty();
            assertThat(store.children(store.layout().files().resolve("ab"))).isEmpty();
            assertThat(store.children(store.layout().layers())).hasSize(2);
            assertThat(store.layout().file(file.digest())).exists();
            assertThat(store.read(next, "x")).isEqualTo("x");
            assertThat(store.after(next, root -> Files.delete(root.resolve("x"))))
                    .isEqualTo(base);
        }
    }

    @Test
    void whatTheCatalogDoesNotNameIsKeptAndComesBackWithIt() throws Exception {
        try (StoreFixture store = new StoreFixture()) {
            Image base = store.base();
            Image next = store.after(base, root -> Files.writeString(root.resolve("x"), "x"));
            StoredFile file = store.store().files().put(new ByteArrayInputStream(new byte[9]));
            InMemoryImageCatalog right = store.catalog;
            Path old = Files.createDirectories(store.layout().setAside().resolve("2001-02-03T04-05-06Z/layers/x"));
            Path foreign = Files.createDirectories(store.layout().setAside().resolve("mine"));

            store.reopen(new InMemoryImageCatalog()); // an older one, say

            assertThat(store.children(store.layout().layers())).isEmpty();
            assertThat(store.layout().file(file.digest())).doesNotExist();
            assertThat(old).doesNotExist();
            assertThat(foreign).exists();
            assertThat(store.children(store.layout().setAside())).hasSize(2);

            store.reopen(right);

            assertThat(store.children(store.layout().layers())).hasSize(2);
            assertThat(store.layout().file(file.digest())).hasSize(9);
            assertThat(store.read(next, "x")).isEqualTo("x");
            assertThat(store.read(next, "data/a")).isEqualTo("aaa");
        }
    }

    @Test
    void onlyOneProcessHasADataDirectory() throws Exception {
        try (StoreFixture store = new StoreFixture()) {
            assertThatThrownBy(() ->
                            OverlayStore.open(new StoreConfig(store.data, Optional.empty(), false), store.catalog))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("in use by another server");
        }
    }

    @Test
    void aNewerFormatIsRefused(@TempDir Path data) throws Exception {
        Files.writeString(data.resolve("format"), "contree data 9\n");
        assertThatThrownBy(() ->
                        OverlayStore.open(new StoreConfig(data, Optional.empty(), false), new InMemoryImageCatalog()))
                .hasMessageContaining("contree data 9")
                .hasMessageContaining("contree data 1");
    }

    @Test
    void unknownAndLostImagesAreReported() throws Exception {
        try (StoreFixture store = new StoreFixture()) {
            UUID unknown = UUID.randomUUID();
            assertThatThrownBy(() -> store.store().image(unknown))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND))
                    .hasMessageContaining(unknown.toString());
            Image base = store.base();
            Removal.remove(store.layout().layer(base.layers().getFirst()).directory());
            store.reopen();
            assertThatThrownBy(() -> store.store().checkout(base))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED));
        }
    }

    @Test
    void aFullDiskLeavesNothingHalfMade() throws Exception {
        Path disk = Files.createTempDirectory("contree-disk-");
        Mounts.tmpfs(disk, "size=8m,mode=0755");
        try (StoreFixture store = new StoreFixture(disk.resolve("data"), Optional.empty(), 64)) {
            Image base = store.base();
            byte[] large = new byte[20 << 20];
            Arrays.fill(large, (byte) 1);
            fullDisk(() -> store.store().files().put(new ByteArrayInputStream(large)));
            fullDisk(() -> store.layer(
                    List.of(),
                    layer -> layer.file(new RawPath("f"), StoreFixture.FILE, new ByteArrayInputStream(large))));
            // A run fills the disk: its own writes fail, and then the manifest of its layer does.
            fullDisk(() -> store.run(base, root -> {
                shell(
                        root,
                        "for i in $(seq 300); do echo $i > f$i; done; dd if=/dev/zero of=fill bs=1k 2>/dev/null || true");
            }));
            assertThat(store.children(store.layout().temporary())).isEmpty();
            assertThat(store.children(store.layout().checkouts())).isEmpty();
            assertThat(store.children(store.layout().layers())).hasSize(1);
            assertThat(store.catalog.files()).isEmpty();
            assertThat(store.after(base, root -> shell(root, "echo fits > f"))).isNotEqualTo(base);
        } finally {
            Mounts.unmount(disk, true);
            Files.delete(disk);
        }
    }

    @Test
    void whatTheDiskLostOnItsWayIsNeverKept(@TempDir Path directory) throws Exception {
        Path backing = Files.createDirectory(directory.resolve("backing"));
        Requirements.loopDevices();
        // A disk that says that it has more room than it has, and finds out when it writes.
        Mounts.tmpfs(backing, "size=48m");
        try (LoopDisk disk = LoopDisk.make(backing, 256 << 20, "mkfs.ext4", "-q", "-F", "-O", "^has_journal");
                StoreFixture store =
                        new StoreFixture(Files.createDirectory(disk.root().resolve("data")), Optional.empty(), 64)) {
            Image base = store.base();
            try (Checkout checkout = store.store().checkout(base)) {
                shell(checkout.root(), "for i in $(seq 20); do head -c 4000000 /dev/urandom > f$i; done");
                // Somebody else syncs first and hears of it.
                shell(directory, "sync -f backing/loop || true");
                assertThatThrownBy(() -> checkout.commit(noEnv(), ""))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("could not commit");
            }
            assertThat(store.children(store.layout().layers())).hasSize(1);
            assertThat(store.children(store.layout().temporary())).isEmpty();
        } finally {
            Mounts.unmount(backing, true);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void fullDisk(Work work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DISK_FULL))
                .hasMessageContaining("full");
    }

    @Test
    void aLongChainStaysLowAndEveryLinkKeepsItsTree() throws Exception {
        try (StoreFixture store = new StoreFixture()) {
            Image image = store.base();
            Image middle = image;
            for (int i = 0; i < 100; i++) {
                int number = i;
                image = store.after(image, root -> {
                    Files.createDirectories(root.resolve("d" + number % 7));
                    StoreFixture.write(root.resolve("d" + number % 7 + "/f" + number % 20), "run " + number);
                    Files.deleteIfExists(root.resolve("d" + (number + 3) % 7 + "/f" + (number + 3) % 20));
                });
                assertThat(image.layers().size()).isLessThanOrEqualTo(128);
                middle = i == 50 ? image : middle;
            }
            image = store.settled(image);
            assertThat(image.layers().size()).isLessThanOrEqualTo(64);
            assertThat(StackSums.addedUp(store.store().stack(image))).isEqualTo(StateSums.of(image));
            assertThat(store.read(middle, "d1/f10")).isEqualTo("run 50");
            assertThat(store.read(image, "d1/f19")).isEqualTo("run 99");
            assertThat(store.store().changes(middle, image, 0).more()).isPositive();
        }
    }

    @Test
    void otherFileSystemsKeepTheSameStates(@TempDir Path directory) throws Exception {
        for (String make : List.of("mkfs.ext4 -q -F", "mkfs.xfs -q -f", "mkfs.btrfs -q -f")) {
            if (!isInstalled(make.substring(0, make.indexOf(' ')))) {
                continue;
            }
            Path image = directory.resolve("disk");
            Path mount = Files.createDirectories(directory.resolve("mount"));
            shell(directory, "rm -f disk; truncate -s 512M disk; " + make + " disk; mount -o loop disk mount");
            try (StoreFixture there =
                            new StoreFixture(Files.createDirectories(mount.resolve("data")), Optional.empty(), 64);
                    StoreFixture here = new StoreFixture()) {
                StoreFixture.Run run = root -> shell(
                        root,
                        "rm data/b; mkdir n; echo x > n/f; touch -d @1 n/f; cp -p n/f n/g; truncate -s 40M n/h; touch -d @2 n/h");
                assertThat(there.after(there.base(), run).uuid())
                        .as(make)
                        .isEqualTo(here.after(here.base(), run).uuid());
            } finally {
                shell(directory, "umount mount");
            }
            Files.delete(image);
        }
    }

    private static boolean isInstalled(String program) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
    }

    @Test
    void aRealRootFileSystemIsTheSameByBothRoads(@TempDir Path directory) throws Exception {
        Path tree = RootFs.busybox(Files.createDirectories(directory.resolve("tree")));
        Path tar = RootFs.pack(tree, directory.resolve("tree.tar"));
        try (StoreFixture store = new StoreFixture()) {
            Image empty = store.store().layers().record(List.of(), noEnv(), "");
            Image byCopy = store.after(empty, root -> shell(root, "cp -a " + tree + "/. ."));
            Image byTar = store.after(empty, root -> RootFs.unpack(tar, root));
            assertThat(byTar).isEqualTo(byCopy);
        }
    }
}
