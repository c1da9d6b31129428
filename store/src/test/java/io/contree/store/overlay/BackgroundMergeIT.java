package io.contree.store.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.manifest.StackSums;
import io.contree.store.state.StateSums;
import io.contree.testkit.LeakChecker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Stacks that are merged behind commits, one trap each; {@link SweepIT} has all of them at random. */
@ExtendWith(LeakChecker.class)
class BackgroundMergeIT {
    private static final int MOST = 8;

    private StoreFixture store;
    private final List<Image> made = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture(Files.createTempDirectory("contree-merging-"), Optional.empty(), MOST);
    }

    @AfterEach
    void close() throws Exception {
        store.catalog.beforeRestack = () -> {};
        store.close();
    }

    /** Goes on from an image until its stack has so many layers; each run writes a file of its number. */
    private Image deep(Image from, int layers) throws Exception {
        Image image = from;
        while (image.layers().size() < layers) {
            int number = image.layers().size();
            image = store.after(image, root -> StoreFixture.write(root.resolve("f" + number), "run " + number));
            made.add(image);
        }
        return image;
    }

    /** An image one layer higher than it is to stay: of these, all but the lowest and the last are merged. */
    private Image high() throws Exception {
        return deep(store.base(), MOST + 1);
    }

    private void assertWhole(Image image, int runs) throws Exception {
        for (int run = 1; run <= runs; run++) {
            assertThat(store.read(image, "f" + run)).isEqualTo("run " + run);
        }
        assertThat(StackSums.addedUp(store.stack(store.store().image(image.uuid()))))
                .isEqualTo(StateSums.of(image));
    }

    /** Lets the merger come to the record of a stack, and no further until the latch is counted down. */
    private CountDownLatch holdRestacking() {
        CountDownLatch latch = new CountDownLatch(1);
        store.catalog.beforeRestack = () -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        return latch;
    }

    @Test
    void anImageIsTheSameBeforeAndAfter() throws Exception {
        CountDownLatch latch = holdRestacking();
        Image before = high();
        assertThat(before.layers()).hasSize(MOST + 1);
        latch.countDown();
        Image after = store.settled(before);
        assertThat(after.layers()).hasSize(3);
        assertThat(after.key()).isEqualTo(before.key());
        assertThat(after.state()).isEqualTo(before.state());
        assertThat(after.content()).isEqualTo(before.content());
        assertThat(after.layers().getLast()).isEqualTo(before.layers().getLast());
        assertWhole(after, MOST);
        assertThat(store.store().changes(before, after, 10).listed()).isEmpty();
        assertThat(store.after(after, root -> StoreFixture.write(root.resolve("f1"), "run 1")))
                .isEqualTo(after);
    }

    @Test
    void whoHoldsAnOldRecordFindsTheNewLayers() throws Exception {
        CountDownLatch latch = holdRestacking();
        Image before = high();
        try (ImageView view = store.store().view(before);
                Checkout checkout = store.store().checkout(before)) {
            latch.countDown();
            Image after = store.settled(before);
            store.store().collect(true);
            assertThat(layersOnDisk()).containsAll(before.layers());
            try (var bytes = view.open(new RawPath("f2")).bytes()) {
                assertThat(new String(bytes.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("run 2");
            }
            StoreFixture.write(checkout.root().resolve("next"), "next");
            Image next = checkout.commit(StoreFixture.noEnv(), "").image();
            assertThat(next.layers())
                    .as("the child has what its parent got meanwhile")
                    .startsWith(after.layers().toArray(LayerId[]::new))
                    .hasSize(after.layers().size() + 1);
        }
        store.store().views().close();
        made.stream().filter(image -> !image.equals(before)).forEach(image -> store.catalog.release(image.uuid()));
        store.store().collect(true);
        assertThat(layersOnDisk()).doesNotContainAnyElementsOf(released(before));
        assertWhole(before, MOST);
        assertThat(store.after(before, root -> Files.delete(root.resolve("f3"))).layers())
                .doesNotContainAnyElementsOf(released(before));
    }

    private List<LayerId> released(Image before) {
        List<LayerId> released = new ArrayList<>(before.layers());
        released.removeAll(store.store().image(before.uuid()).layers());
        assertThat(released).hasSize(MOST - 1);
        return released;
    }

    private Set<LayerId> layersOnDisk() throws Exception {
        Set<LayerId> found = new HashSet<>();
        for (Path layer : store.children(store.layout().layers())) {
            found.add(LayerId.parse(layer.getFileName().toString()));
        }
        return found;
    }

    @Test
    void branchesOfADeepImageShareWhatIsMerged() throws Exception {
        Image deep = deep(store.base(), MOST);
        store.store().settle();
        int before = layersOnDisk().size();
        List<Image> branches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            branches.add(store.after(deep, root -> StoreFixture.write(root.resolve("branch"), "branch " + number)));
        }
        store.store().settle();
        assertThat(layersOnDisk()).hasSize(before + branches.size() + 1);
        for (int i = 0; i < branches.size(); i++) {
            Image branch = store.store().image(branches.get(i).uuid());
            assertThat(branch.layers()).hasSize(3);
            assertThat(store.read(branch, "branch")).isEqualTo("branch " + i);
            assertWhole(branch, MOST - 1);
        }
    }

    @Test
    void aChainThatIsFasterThanTheMergerWaitsForNothingButItsOwnMerges() throws Exception {
        CountDownLatch latch = holdRestacking();
        Image image = high();
        int highest = 0;
        for (int run = MOST + 1; run <= 5 * MOST; run++) {
            int number = run;
            image = store.after(image, root -> StoreFixture.write(root.resolve("f" + number), "run " + number));
            highest = Math.max(highest, image.layers().size());
            assertThat(image.layers()).hasSizeLessThanOrEqualTo(2 * MOST);
        }
        assertThat(highest).as("the merger was held").isGreaterThan(MOST);
        latch.countDown();
        image = store.settled(image);
        assertThat(image.layers()).hasSizeLessThanOrEqualTo(MOST);
        store.catalog.forEachStack(stack -> assertThat(stack).hasSizeLessThanOrEqualTo(MOST));
        assertWhole(image, 5 * MOST);
    }

    @Test
    void whatIsDamagedIsNotMerged() throws Exception {
        Image deep = deep(store.base(), MOST);
        try (Checkout checkout = store.store().checkout(deep)) {
            store.catalog.damage().record(deep.layers().get(3), "a flipped byte", Instant.EPOCH);
            StoreFixture.write(checkout.root().resolve("x"), "x");
            Image image = checkout.commit(StoreFixture.noEnv(), "").image();
            assertThat(store.settled(image).layers()).isEqualTo(image.layers()).hasSize(MOST + 1);
        }
    }

    @Test
    void aKillBeforeTheRecordLeavesGarbageAndTheOldStack() throws Exception {
        store.catalog.beforeRestack = () -> {
            throw new StoreException(StoreException.Kind.STOPPED, "killed");
        };
        Image image = store.settled(high());
        assertThat(image.layers()).hasSize(MOST + 1);
        assertThat(layersOnDisk()).hasSize(MOST + 2).containsAll(store.catalog.layers());
        store.abandon();
        assertThat(layersOnDisk()).isEqualTo(store.catalog.layers());
        assertThat(store.children(store.layout().temporary())).isEmpty();
        store.catalog.beforeRestack = () -> {};
        assertWhole(image, MOST);
        Image next = store.settled(store.after(image, root -> StoreFixture.write(root.resolve("next"), "next")));
        assertThat(next.layers()).hasSizeLessThanOrEqualTo(MOST);
        assertWhole(image, MOST);
    }

    @Test
    void aStoreIsClosedInTheMiddleOfAMerge() throws Exception {
        Image image = store.base();
        while (image.layers().size() <= MOST) {
            String directory = "m" + image.layers().size();
            image = store.after(
                    image,
                    root -> StoreFixture.shell(
                            root,
                            "mkdir " + directory + "; for i in $(seq 500); do echo $i > " + directory + "/$i; done"));
        }
        store.reopen();
        assertThat(store.children(store.layout().temporary())).isEmpty();
        assertThat(layersOnDisk()).isEqualTo(store.catalog.layers());
        for (int i = 0; i < 20; i++) {
            int number = i;
            image = store.after(image, root -> StoreFixture.write(root.resolve("again" + number), "again"));
            store.reopen();
            assertThat(store.read(image, "m2/499")).isEqualTo("499\n");
            assertThat(image.layers()).hasSizeLessThanOrEqualTo(2 * MOST);
        }
        image = store.settled(store.after(image, root -> StoreFixture.write(root.resolve("last"), "last")));
        assertThat(image.layers()).hasSizeLessThanOrEqualTo(MOST);
        assertThat(StackSums.addedUp(store.stack(image))).isEqualTo(StateSums.of(image));
    }
}
