package io.contree.store.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.IdMapping;
import io.contree.store.Checkout;
import io.contree.store.Image;
import io.contree.store.ImportSource;
import io.contree.store.manifest.StackSums;
import io.contree.store.state.StateSums;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.LoopDisk;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.Trees;
import io.contree.testkit.walk.TwoWalks;
import io.contree.testkit.walk.Walker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A random walk of file operations over many checkouts, each on what the one before committed, against the same walk in one plain
 * tree on the same disk: errors, contents, attributes, links and UUIDs are the same. Longer ones by hand: {@code
 * -Dcontree.chain.steps=200 -Dcontree.chain.operations=100}, with {@code -Dcontree.seed=fresh} for other ones, and on another
 * disk with {@code -Dcontree.chain.directory=/mnt/xfs}. The first steps of a walk do not depend on how many follow.
 */
@ExtendWith(LeakChecker.class)
class ChainWalkIT {
    private static final int CASES = Integer.getInteger("contree.chain.cases", 1);
    private static final int STEPS = Integer.getInteger("contree.chain.steps", 20);
    private static final int OPERATIONS = Integer.getInteger("contree.chain.operations", 60);
    private static final int SETTLED_EACH = 5;
    private static final String DIRECTORY = System.getProperty("contree.chain.directory", "/tmp");

    private Path scratch;
    private Walker walker;

    @BeforeEach
    void compile() throws Exception {
        scratch = Files.createTempDirectory(Path.of(DIRECTORY), "contree-chain-");
        walker = Walker.compile(scratch);
    }

    @AfterEach
    void remove() throws Exception {
        Trees.remove(scratch);
    }

    @Test
    void aChainOfCheckoutsIsOneTree() {
        walk(Optional.empty(), 400);
    }

    @Test
    void layersThatAreMergedOnTheWayChangeNothing() {
        walk(Optional.empty(), 4);
    }

    @Test
    void rootOfAUserNamespaceSeesTheSame() {
        walk(Optional.of(IdMapping.DEFAULT), 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkfs.xfs -q -f", "mkfs.btrfs -q -f"})
    void aDiskThatSharesBlocksMakesNoDifference(String mkfs) throws Exception {
        try (LoopDisk disk = LoopDisk.make(scratch, 1L << 30, mkfs.split(" "))) {
            SeededRandom.forAll(CASES, random -> chain(random, Optional.of(IdMapping.DEFAULT), 5, disk.root()));
        }
    }

    @Test
    void aCommittedFileKeepsItsInodeNumberAndChangeTime() {
        SeededRandom.forAll(
                CASES,
                random -> assertThat(chain(random, Optional.empty(), 400, scratch))
                        .isEmpty());
    }

    private void walk(Optional<IdMapping> mapping, int mostLayers) {
        SeededRandom.forAll(CASES, random -> chain(random, mapping, mostLayers, scratch));
    }

    /** Returns the files that were moved by a commit. */
    private List<String> chain(SeededRandom random, Optional<IdMapping> mapping, int mostLayers, Path disk)
            throws Exception {
        Path place = Files.createTempDirectory(disk, "walk-");
        Path plain = Files.createDirectories(place.resolve("plain/w"));
        try (StoreFixture store = new StoreFixture(Files.createDirectory(place.resolve("data")), mapping, mostLayers)) {
            walker.run(plain, Walker.step(random.seed(), 0, 2 * OPERATIONS, true));
            Chain chain = new Chain(store, imported(store, plain), mapping);
            TwoWalks walks = new TwoWalks(
                    step -> mapping.isPresent()
                            ? walker.runMapped(mapping.get(), plain, step)
                            : walker.run(plain, step),
                    chain::walk);
            for (int step = 1; step <= STEPS; step++) {
                boolean settles = step % SETTLED_EACH == 0;
                walks.step("step " + step, Walker.step(random.seed(), step, OPERATIONS, settles));
                if (settles) {
                    chain.assertIs(imported(store, plain), "step " + step);
                }
            }
            return walks.moved();
        } finally {
            Trees.remove(place);
        }
    }

    /** The state that a directory's parent has, imported. */
    private static Image imported(StoreFixture store, Path directory) {
        return store.store()
                .importer()
                .importImage(
                        new ImportSource(
                                "rootfs:" + directory.getParent(),
                                Optional.empty(),
                                Duration.ofMinutes(1),
                                Optional.empty(),
                                new UUID(0, 1)),
                        (what, done, total) -> {})
                .image();
    }

    /** The side that is made of checkouts. */
    private final class Chain {
        private final StoreFixture store;
        private final Optional<IdMapping> mapping;
        private Image image;

        private Chain(StoreFixture store, Image image, Optional<IdMapping> mapping) {
            this.store = store;
            this.image = image;
            this.mapping = mapping;
        }

        private String walk(List<String> step) throws Exception {
            try (Checkout checkout = store.store().checkout(image)) {
                Path directory = checkout.root().resolve("w");
                String printed = mapping.isPresent()
                        ? walker.runInside(mapping.get(), directory, step)
                        : walker.run(directory, step);
                image = checkout.commit(image.env(), image.cwd()).image();
                return printed;
            }
        }

        private void assertIs(Image expected, String when) {
            assertThat(image.uuid())
                    .as(
                            "the UUID after %s; to that of the plain tree: %s",
                            when, store.store().changes(image, expected, 20))
                    .isEqualTo(expected.uuid());
            assertThat(StackSums.addedUp(store.stack(image))).isEqualTo(StateSums.of(image));
        }
    }
}
