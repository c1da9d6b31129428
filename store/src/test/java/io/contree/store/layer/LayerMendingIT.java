package io.contree.store.layer;

import static io.contree.store.overlay.StoreFixture.shell;
import static io.contree.store.overlay.StoreFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.disk.Removal;
import io.contree.store.manifest.StackSums;
import io.contree.store.overlay.StoreFixture;
import io.contree.store.state.StateSums;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.TreeSnapshot;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Directories with merged layers as an earlier version made them, opened by this one. */
@ExtendWith(LeakChecker.class)
class LayerMendingIT {
    private static final String UNTOUCHED = "2001-02-03 04:05:06";

    private StoreFixture store;
    private EarlierMerge earlier;
    private Image base;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture();
        base = store.base();
        earlier = new EarlierMerge(store.layout());
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    /** Opens the directory as if only an earlier version had used it. */
    private void upgrade() {
        Removal.remove(store.layout().mended());
        store.reopen();
    }

    /** Three runs on an image, of which two are merged; files came and went, beside a whiteout that is needed. */
    private Image broken(Image below) throws Exception {
        Image made = store.after(below, root -> {
            shell(root, "mkdir -p new/sub; rm data/a; rm -r data/sub; mkdir data/sub");
            write(root.resolve("new/f"), "f");
            write(root.resolve("new/keep"), "keep");
            write(root.resolve("new/sub/g"), "g");
            write(root.resolve("data/sub/n"), "n");
            write(root.resolve("data/sub/m"), "m");
        });
        Image gone = store.after(
                made,
                root -> shell(
                        root, "rm new/f new/sub/g data/sub/n; touch -d '" + UNTOUCHED + "' new new/sub data/sub"));
        Image image = store.after(gone, root -> write(root.resolve("top"), "top"));
        int before = earlier.needless();
        List<LayerId> stack = image.layers();
        store.catalog.replaceLayers(image.uuid(), earlier.merged(stack, stack.size() - 3, stack.size() - 1));
        assertThat(earlier.needless()).isEqualTo(before + 3);
        return store.store().image(image.uuid());
    }

    private List<String> names(Image image, String path) {
        try (ImageView view = store.store().view(image)) {
            return view.list(new RawPath(path)).stream()
                    .map(ImageView.Entry::name)
                    .toList();
        }
    }

    private void assertBroken(Image image) {
        assertThatThrownBy(() -> names(image, "new")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> names(image, "new/sub")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> names(image, "data/sub")).isInstanceOf(StoreException.class);
    }

    private void assertWhole(Image known) throws Exception {
        Image image = store.store().image(known.uuid());
        assertThat(image).isEqualTo(known);
        new NormalFormCheck(store.layout()).check(image.layers());
        assertThat(names(image, "new")).containsExactly("keep", "sub");
        assertThat(names(image, "new/sub")).isEmpty();
        assertThat(names(image, "data")).containsExactly("b", "linked", "sub");
        assertThat(names(image, "data/sub")).containsExactly("m");
        try (ImageView view = store.store().view(image)) {
            view.archive(new RawPath("/"), new ByteArrayOutputStream());
        }
        Image without = store.after(image, root -> {
            shell(root, "test \"$(stat -c %y new | cut -c1-19)\" = '" + UNTOUCHED + "'; rm -r new");
        });
        assertThat(StackSums.addedUp(store.stack(without))).isEqualTo(StateSums.of(without));
        assertThat(store.children(store.layout().temporary())).isEmpty();
    }

    @Test
    void whiteoutsThatHideNothingGo() throws Exception {
        Image image = broken(base);
        assertBroken(image);
        upgrade();
        assertThat(store.layout().mended()).exists();
        assertWhole(image);
    }

    @Test
    void aMendingThatWasKilledIsFinished() throws Exception {
        Image image = broken(base);
        Path tree = store.layout().layer(image.layers().get(1)).tree();
        // Some whiteouts are gone, their directories are touched, and no manifest says so.
        Files.delete(tree.resolve("new/f"));
        Files.delete(tree.resolve("data/sub/n"));
        Files.writeString(store.layout().temporary().resolve("manifest"), "half of it");
        upgrade();
        assertWhole(image);
    }

    @Test
    void aMendingThatWasKilledBeforeItsManifestsWereInPlaceIsFinished() throws Exception {
        Image image = broken(base);
        Image second = broken(store.after(base, root -> write(root.resolve("second"), "second")));
        Path manifest = store.layout().layer(image.layers().get(1)).manifest();
        byte[] old = Files.readAllBytes(manifest);
        upgrade();
        Files.write(manifest, old);
        upgrade();
        assertWhole(image);
        assertWhole(second);
    }

    @Test
    void branchesThatShareALayerOnDifferentStacksAreAllMended() throws Exception {
        Image one = store.after(base, root -> write(root.resolve("one"), "one"));
        Image two = store.after(one, root -> write(root.resolve("two"), "two"));
        Image image = broken(two);
        Image branch = store.after(image, root -> write(root.resolve("branch"), "branch"));
        List<LayerId> stack = earlier.merged(branch.layers(), 1, 3);
        store.catalog.replaceLayers(branch.uuid(), stack);
        assertThat(stack)
                .contains(image.layers().get(3))
                .doesNotContain(image.layers().get(1));
        upgrade();
        assertWhole(image);
        assertWhole(store.store().image(branch.uuid()));
    }

    @Test
    void directoriesLoseTheAccessListsOfTheirParents() throws Exception {
        Requirements.program("setfacl", "acl");
        Image made = store.after(base, root -> shell(root, "mkdir -p acl/before; setfacl -d -m u:7:rwx acl"));
        Image image = store.after(
                store.after(made, root -> write(root.resolve("x"), "x")), root -> write(root.resolve("top"), "top"));
        List<LayerId> stack = earlier.merged(image.layers(), 1, 3);
        store.catalog.replaceLayers(image.uuid(), stack);
        shell(store.layout().layer(stack.get(1)).tree(), "setfacl -m u:7:rwx -d -m u:7:rwx acl/before");
        upgrade();
        new NormalFormCheck(store.layout()).check(stack);
        try (Checkout checkout = store.store().checkout(store.store().image(image.uuid()))) {
            var entries = TreeSnapshot.read(checkout.root()).entries();
            assertThat(entries.get("acl").xattrs()).isNotEmpty();
            assertThat(entries.get("acl/before").xattrs()).isEmpty();
            assertThat(entries.get("acl/before").mode()).isEqualTo(040755);
        }
    }

    @Test
    void aDamagedLayerDoesNotKeepOthersFromBeingMended() throws Exception {
        Image image = broken(base);
        Image other = broken(store.after(base, root -> write(root.resolve("other"), "other")));
        Files.writeString(store.layout().layer(other.layers().get(2)).manifest(), "damaged");
        upgrade();
        assertWhole(image);
        assertThat(store.layout().mended()).doesNotExist();
    }

    @Test
    void aHistoryGoesOnFromMendedLayers() {
        SeededRandom.forAll(1, random -> {
            Path data = Files.createTempDirectory("contree-mending-");
            try (StoreFixture there = new StoreFixture(data, Optional.empty(), 64)) {
                ModelHistory history = new ModelHistory(there, random);
                history.run(30, 64);
                EarlierMerge merges = new EarlierMerge(there.layout());
                for (ModelHistory.Known one : history.known()) {
                    List<LayerId> stack = one.image().layers();
                    if (stack.size() > 6) {
                        there.catalog.replaceLayers(one.image().uuid(), merges.merged(stack, 1, stack.size() - 1));
                    }
                }
                assertThat(merges.needless()).isPositive();
                Removal.remove(there.layout().mended());
                there.reopen();
                history.verifyAll();
                history.run(20, 64);
                history.verifyAll();
            }
        });
    }
}
