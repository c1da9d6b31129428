package io.contree.store.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.disk.Removal;
import io.contree.store.grep.GrepQuery;
import io.contree.store.grep.ImageGrep;
import io.contree.store.manifest.StackSums;
import io.contree.store.overlay.StoreFixture;
import io.contree.store.state.StateSums;
import io.contree.testkit.RootFs;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.TreeSnapshot;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Random runs on random branches, each image with the model of its state: the two are compared by everything that reads. */
final class ModelHistory {
    private final StoreFixture store;
    private final SeededRandom random;
    private final List<Known> known = new ArrayList<>();

    /** An image and what it should be. */
    record Known(Image image, ModelState state) {}

    ModelHistory(StoreFixture store, SeededRandom random) throws Exception {
        this.store = store;
        this.random = random;
        known.add(new Known(store.base(), ModelState.base()));
    }

    List<Known> known() {
        return known;
    }

    /** Continues the history, in stacks of at most so many layers once they are settled, and compares every step. */
    void run(int runs, int depth) throws Exception {
        NormalFormCheck layers = new NormalFormCheck(store.layout());
        for (int i = 0; i < runs; i++) {
            Known parent = random.chance(80) ? known.getLast() : random.pick(known);
            Known child = run(parent);
            try {
                layers.check(child.image().layers());
                assertThat(child.image().layers().size()).isLessThanOrEqualTo(2 * depth);
                if (random.chance(50)) {
                    child = settled(child);
                    layers.check(child.image().layers());
                    assertThat(child.image().layers().size()).isLessThanOrEqualTo(depth);
                }
                known.add(child);
                verify(child);
                changes(parent, child);
                verify(random.pick(known));
            } catch (AssertionError e) {
                throw new AssertionError("run " + i + ": " + e.getMessage(), e);
            }
        }
    }

    /** Reads all images from the store again and compares them. */
    void verifyAll() throws Exception {
        known.replaceAll(one -> new Known(store.store().image(one.image().uuid()), one.state()));
        for (Known one : known) {
            verify(one);
        }
    }

    private Known settled(Known one) throws Exception {
        return new Known(store.settled(one.image()), one.state());
    }

    private Known run(Known parent) throws Exception {
        ModelState state = parent.state().branch();
        try (Checkout checkout = store.store().checkout(parent.image())) {
            ModelChanges.make(random, state, checkout.root(), random.between(0, 5));
            Commit commit = checkout.commit(parent.image().env(), parent.image().cwd());
            return new Known(commit.image(), state);
        }
    }

    private void verify(Known one) throws Exception {
        Image image = one.image();
        SortedMap<String, String> expected = one.state().lines();
        assertThat(image.uuid()).isEqualTo(one.state().uuid());
        assertThat(StateSums.of(image)).isEqualTo(one.state().sums());
        assertThat(StackSums.addedUp(store.stack(image))).isEqualTo(one.state().sums());
        try (Checkout checkout = store.store().checkout(image)) {
            assertThat(ModelState.lines(TreeSnapshot.read(checkout.root())))
                    .as("what a run sees")
                    .isEqualTo(expected);
        }
        try (ImageView view = store.store().view(image)) {
            for (String directory : one.state().directories()) {
                assertThat(view.list(new RawPath(directory)).stream()
                                .map(ImageView.Entry::name)
                                .toList())
                        .as("the list of \"" + directory + "\"")
                        .isEqualTo(one.state().children(directory));
            }
            grep(view, one.state());
            if (random.chance(20)) {
                archive(view, expected);
            }
        }
    }

    private static void grep(ImageView view, ModelState state) throws Exception {
        List<RawPath> root = List.of(new RawPath("/"));
        GrepQuery query = new GrepQuery(List.of("aaa"), root, List.of(), 1, 1000, GrepQuery.Case.SENSITIVE, 0, 0);
        assertThat(ImageGrep.search(view, query, Duration.ofMinutes(1)).lines().stream()
                        .map(line -> line.path().raw())
                        .sorted()
                        .toList())
                .isEqualTo(state.paths().stream()
                        .filter(path -> state.at(path).content.equals("aaa"))
                        .map(path -> "/" + path)
                        .sorted()
                        .toList());
    }

    /** What GNU tar makes of the archive; neither has sockets, and tar makes access lists of its own. */
    private void archive(ImageView view, SortedMap<String, String> expected) throws Exception {
        Path directory = Files.createTempDirectory("contree-merge-archive-");
        try {
            Path tar = directory.resolve("tar");
            try (OutputStream out = Files.newOutputStream(tar)) {
                view.archive(new RawPath("/"), out);
            }
            Path tree = Files.createDirectory(directory.resolve("tree"));
            RootFs.unpack(tar, tree);
            assertThat(archived(ModelState.lines(TreeSnapshot.read(tree))))
                    .as("the archive")
                    .isEqualTo(archived(expected));
        } finally {
            Removal.remove(directory);
        }
    }

    private static SortedMap<String, String> archived(SortedMap<String, String> lines) {
        SortedMap<String, String> archived = new TreeMap<>(lines);
        archived.values().removeIf(line -> line.startsWith("14"));
        archived.replaceAll((path, line) ->
                line.replaceAll("system.posix_acl_[a-z]*=[0-9a-f]*(, )?", "").replace(", }", "}"));
        return archived;
    }

    private void changes(Known from, Known to) {
        SortedMap<String, String> before = withoutLinks(from);
        SortedMap<String, String> after = withoutLinks(to);
        List<Commit.Change> expected = new ArrayList<>();
        TreeSet<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        for (String path : paths) {
            if (!after.containsKey(path)) {
                expected.add(new Commit.Change(Commit.Kind.DELETED, new RawPath(path)));
            } else if (!before.containsKey(path)) {
                expected.add(new Commit.Change(Commit.Kind.ADDED, new RawPath(path)));
            } else if (!after.get(path).equals(before.get(path))) {
                expected.add(new Commit.Change(Commit.Kind.MODIFIED, new RawPath(path)));
            }
        }
        assertThat(store.store().changes(from.image(), to.image(), 10_000).listed())
                .isEqualTo(expected);
    }

    private static SortedMap<String, String> withoutLinks(Known one) {
        SortedMap<String, String> lines = one.state().lines();
        lines.replaceAll((path, line) -> line.substring(0, line.indexOf(" link=")));
        return lines;
    }
}
