package io.contree.store.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.manifest.StackSums;
import io.contree.store.state.StateSums;
import io.contree.store.view.ViewMounts;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.RootFs;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.SnapshotEntry;
import io.contree.testkit.TreeSnapshot;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random runs on random branches, against a model that knows only what the mounts showed: two states have one UUID exactly if
 * they are the same, and no image ever changes. Stacks are kept very low, so that merged layers take part in everything.
 */
@ExtendWith(LeakChecker.class)
class StateModelIT {
    private static final int CASES = 6;
    private static final int RUNS = 25;

    @Test
    void idsAreEqualExactlyIfTreesAre() {
        SeededRandom.forAll(CASES, random -> {
            Path data = Files.createTempDirectory("contree-model-");
            try (StoreFixture store = new StoreFixture(data, Optional.empty(), 4)) {
                new Model(store, random).check();
            }
        });
    }

    /** What was seen so far. */
    private static final class Model {
        private final StoreFixture store;
        private final SeededRandom random;
        private final List<Image> images = new ArrayList<>();
        private int changes;
        private final Map<UUID, String> trees = new HashMap<>();
        private final Map<String, UUID> uuids = new HashMap<>();

        Model(StoreFixture store, SeededRandom random) {
            this.store = store;
            this.random = random;
        }

        void check() throws Exception {
            learn(store.base(), Optional.empty());
            for (int i = 0; i < RUNS; i++) {
                Image parent = random.pick(images);
                run(parent);
                verify(random.pick(images));
            }
            assertThat(changes).as("changes that took place").isGreaterThan(RUNS);
            assertThat(store.faults()).isEmpty();
            store.reopen();
            for (Image image : images) {
                verify(store.store().image(image.uuid()));
            }
        }

        private void run(Image parent) throws Exception {
            Commit commit;
            String seen;
            try (Checkout checkout = store.store().checkout(parent)) {
                if (random.chance(25)) {
                    become(checkout.root(), random.pick(images));
                }
                changes += new RandomChanges(random, checkout.root()).make(random.between(0, 12));
                seen = canonical(TreeSnapshot.read(checkout.root()));
                commit = checkout.commit(parent.env(), parent.cwd());
            }
            assertThat(commit.image().layers().size()).isLessThanOrEqualTo(8);
            if (random.chance(50)) {
                assertThat(store.settled(commit.image()).layers().size()).isLessThanOrEqualTo(4);
            }
            Commit.Changes found = store.store().changes(parent, commit.image(), 1000);
            assertThat(found.listed().isEmpty())
                    .as("changes %s of %s to %s", found, commit, seen)
                    .isEqualTo(trees.get(parent.uuid())
                            .replaceAll("link=\\S*", "")
                            .equals(seen.replaceAll("link=\\S*", "")));
            learn(commit.image(), Optional.of(seen));
        }

        /** Makes a checkout equal to another image, the long way round. */
        private void become(Path root, Image other) throws Exception {
            Path tar = Files.createTempFile("contree-model-", ".tar");
            try {
                try (ImageView view = store.store().view(other);
                        OutputStream out = Files.newOutputStream(tar)) {
                    view.archive(new RawPath("/"), out);
                }
                StoreFixture.shell(root, "find . -mindepth 1 -delete");
                RootFs.unpack(tar, root);
                if (random.chance(50)) {
                    assertThat(canonical(TreeSnapshot.read(root))).isEqualTo(trees.get(other.uuid()));
                }
            } finally {
                Files.delete(tar);
            }
        }

        private void learn(Image image, Optional<String> seen) throws Exception {
            String tree = canonical(image);
            seen.ifPresent(before -> assertThat(tree).isEqualTo(before));
            assertThat(trees.putIfAbsent(image.uuid(), tree)).isIn(null, tree);
            assertThat(uuids.putIfAbsent(tree, image.uuid())).isIn(null, image.uuid());
            images.add(image);
        }

        private void verify(Image image) throws Exception {
            assertThat(canonical(image)).isEqualTo(trees.get(image.uuid()));
            assertThat(StackSums.addedUp(store.store().stack(image)))
                    .isEqualTo(new StateSums(image.state(), image.content()));
        }

        private String canonical(Image image) throws Exception {
            ViewMounts.ViewMount mount = store.store().views().use(image.layers());
            try {
                return canonical(TreeSnapshot.read(mount.root()));
            } finally {
                store.store().views().release(image.layers());
            }
        }

        /** All that is part of a state, in one text. */
        private static String canonical(TreeSnapshot tree) {
            StringBuilder text = new StringBuilder();
            tree.entries()
                    .forEach((path, entry) -> text.append(line(path, entry)).append('\n'));
            return text.toString();
        }

        private static String line(String path, SnapshotEntry entry) {
            boolean regular = (entry.mode() & Stat.TYPE_MASK) == Stat.REGULAR;
            return "/%s %o %d:%d %s %s link=%s %s %s"
                    .formatted(
                            path,
                            entry.mode(),
                            entry.uid(),
                            entry.gid(),
                            regular ? entry.mtimeNanos() : "-",
                            entry.content(),
                            entry.linkGroup(),
                            entry.device(),
                            new TreeMap<>(entry.xattrs()));
        }
    }
}
