package io.contree.store.layer;

import static io.contree.store.overlay.StoreFixture.shell;
import static io.contree.store.overlay.StoreFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.LayerId;
import io.contree.store.disk.Pins;
import io.contree.store.disk.Removal;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.Manifests;
import io.contree.store.manifest.StackSums;
import io.contree.store.overlay.StoreFixture;
import io.contree.store.state.StateSums;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.TreeSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Merged layers, one trap each; {@link MergeModelIT} has all of them at random. */
@ExtendWith(LeakChecker.class)
class MergedLayerIT {
    private StoreFixture store;
    private Pins pins;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture();
        pins = new Pins(store.layout());
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private StackDepth depth(int most, int run) throws Exception {
        Manifests manifests = new Manifests(
                store.layout(), Manifest.open(store.layout().skeleton().manifest()));
        return new StackDepth(
                store.layout(), SharedContents.none(store.layout()), manifests, pins, layer -> true, most, run);
    }

    /** The same image with all its layers but the lowest in one. */
    private Image merged(Image image) throws Exception {
        Image higher = store.after(image, root -> write(root.resolve("top"), "top"));
        int depth = higher.layers().size();
        List<LayerId> stack = depth(depth - 1, depth - 2).bounded(higher.layers(), pins.lease());
        assertThat(stack)
                .hasSize(3)
                .startsWith(image.layers().getFirst())
                .endsWith(higher.layers().getLast());
        new NormalFormCheck(store.layout()).check(stack);
        assertThat(store.catalog.restack(image.uuid(), image.layers(), stack.subList(0, 2)))
                .isTrue();
        Image merged = store.store().image(image.uuid());
        assertThat(StackSums.addedUp(store.stack(merged))).isEqualTo(StateSums.of(image));
        return merged;
    }

    private List<String> names(Image image, String path) {
        try (ImageView view = store.store().view(image)) {
            return view.list(new RawPath(path)).stream()
                    .map(ImageView.Entry::name)
                    .toList();
        }
    }

    @Test
    void aMergedLayerIsMadeAgainOnceASweepHasRemovedIt() throws Exception {
        Image image = store.base();
        for (String name : List.of("one", "two", "three")) {
            image = store.after(image, root -> write(root.resolve(name), name));
        }
        StackDepth depth = depth(3, 2);
        List<LayerId> merged = depth.bounded(image.layers(), pins.lease());
        assertThat(depth.bounded(image.layers(), pins.lease())).isEqualTo(merged);
        LayerId made = merged.stream()
                .filter(layer -> !store.catalog.layers().contains(layer))
                .findFirst()
                .orElseThrow();
        Removal.remove(store.layout().layer(made).directory());
        List<LayerId> again = depth.bounded(image.layers(), pins.lease());
        assertThat(again).doesNotContain(made).hasSize(3);
        new NormalFormCheck(store.layout()).check(again);
    }

    @Test
    void aHeavyLayerIsNotCopiedForAFewLightOnes() throws Exception {
        Image image = store.after(store.base(), root -> shell(root, "for i in $(seq 200); do echo $i > heavy$i; done"));
        LayerId heavy = image.layers().getLast();
        for (int i = 0; i < 8; i++) {
            int number = i;
            image = store.after(image, root -> write(root.resolve("light" + number), "light"));
            assertThat(depth(4, 2).bounded(image.layers(), pins.lease()))
                    .contains(heavy)
                    .hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void aFileThatCameAndWentLeavesNoName() throws Exception {
        Image made =
                store.after(store.base(), root -> shell(root, "mkdir -p new/sub; echo x > new/f; echo x > new/sub/g"));
        Image image = merged(store.after(made, root -> shell(root, "rm new/f new/sub/g")));
        assertThat(names(image, "new")).containsExactly("sub");
        assertThat(names(image, "new/sub")).isEmpty();
        try (ImageView view = store.store().view(image)) {
            view.archive(new RawPath("/new"), new ByteArrayOutputStream());
        }
        Image without = store.after(image, root -> shell(root, "rm -r new"));
        assertThat(without).isEqualTo(store.base());
    }

    @Test
    void whatGoesInADirectoryThatHidesAnotherLeavesNoName() throws Exception {
        Image remade = store.after(store.base(), root -> {
            shell(root, "rm -r data; mkdir data");
            write(root.resolve("data/n"), "n");
            write(root.resolve("data/m"), "m");
        });
        Image image = merged(store.after(remade, root -> Files.delete(root.resolve("data/n"))));
        assertThat(names(image, "data")).containsExactly("m");
        assertThat(names(merged(store.after(remade, root -> shell(root, "rm data/*"))), "data"))
                .isEmpty();
    }

    @Test
    void directoriesKeepNoAccessListOfTheirParent() throws Exception {
        Requirements.program("setfacl", "acl");
        Image other = store.after(store.base(), root -> write(root.resolve("other"), "other"));
        Image image = merged(store.after(other, root -> {
            shell(root, "mkdir -p acl/before; setfacl -d -m u:7:rwx acl; mkdir acl/after");
            write(root.resolve("acl/before/f"), "f");
        }));
        try (Checkout checkout = store.store().checkout(image)) {
            var entries = TreeSnapshot.read(checkout.root()).entries();
            assertThat(entries.get("acl").xattrs()).containsOnlyKeys("system.posix_acl_default");
            assertThat(entries.get("acl/before").xattrs()).isEmpty();
            assertThat(entries.get("acl/before/f").xattrs()).isEmpty();
            assertThat(entries.get("acl/after").xattrs())
                    .containsOnlyKeys("system.posix_acl_default", "system.posix_acl_access");
        }
    }

    @Test
    void mountPointsComeBackWithoutAnAccessListOfTheirDirectory() throws Exception {
        Requirements.program("setfacl", "acl");
        Image listed = store.after(store.base(), root -> shell(root, "setfacl -d -m u:7:rwx etc"));
        assertThat(store.after(listed, root -> shell(root, "rm etc/hosts"))).isEqualTo(listed);
    }

    @Test
    void aDirectoryMadeAgainHidesNothingWhereNothingIs() throws Exception {
        Image emptied = store.after(store.base(), root -> shell(root, "rm -r data/*"));
        Image image = store.after(emptied, root -> shell(root, "rmdir data; mkdir data; chmod 755 data; echo x > x"));
        assertThat(store.topLayer(image)).containsExactly("x");
    }

    @Test
    void whatIsTheSameAgainIsNotInTheLayer() throws Exception {
        Image gone = store.after(store.base(), root -> shell(root, "rm -r data"));
        Image back = store.after(
                gone,
                root -> shell(
                        root,
                        "mkdir -p data/sub; echo -n aaa > data/a; echo -n bbb > data/b; echo -n ccc > data/sub/c;"
                                + " ln data/a data/linked; touch -d @1 data/* data/sub/c; chmod -R u=rwX,go=rX data; echo x > x"));
        Image image = merged(back);
        assertThat(names(image, "data")).containsExactly("a", "b", "linked", "sub");
        assertThat(store.topLayer(image)).containsExactly("x");
    }

    @Test
    void aFileWithMoreNamesThanTwoLayersMayHaveIsMerged() throws Exception {
        Image many = store.after(store.base(), root -> {
            write(root.resolve("0"), "many");
            Path directory = Files.createDirectory(root.resolve("d"));
            for (int i = 1; i < 33_000; i++) {
                Files.createLink(directory.resolve(Integer.toString(i)), root.resolve("0"));
            }
        });
        Image image = merged(store.after(many, root -> write(root.resolve("other"), "other")));
        assertThat(names(image, "d")).hasSize(32_999);
        try (ImageView view = store.store().view(image)) {
            long inode = view.stat(new RawPath("0"), false).orElseThrow().inode();
            assertThat(view.list(new RawPath("d")))
                    .allSatisfy(entry -> assertThat(entry.inode()).isEqualTo(inode));
        }
    }

    @Test
    void socketsOfSeveralNamesAreLeftOutOfArchives() throws Exception {
        Requirements.program("python3", "python3");
        Image image = store.after(
                store.base(),
                root -> shell(
                        root,
                        "python3 -c \"import os,stat; os.mknod('s', stat.S_IFSOCK | 0o755); os.link('s', 't')\""));
        Path tar = Files.createTempFile("contree-sockets-", ".tar");
        try (ImageView view = store.store().view(image)) {
            try (OutputStream out = Files.newOutputStream(tar)) {
                view.archive(new RawPath("/"), out);
            }
            Path names = Files.createTempFile("contree-sockets-", ".txt");
            shell(tar.getParent(), "tar -tf " + tar + " > " + names);
            assertThat(Files.readAllLines(names)).contains("data/a").doesNotContain("s", "t");
            Files.delete(names);
        } finally {
            Files.delete(tar);
        }
    }
}
