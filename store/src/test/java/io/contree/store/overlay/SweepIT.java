package io.contree.store.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.contree.linux.Mounts;
import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.Layers;
import io.contree.store.Store;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import io.contree.store.disk.Removal;
import io.contree.store.disk.RemovalLock;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.SeededRandom;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sweeps while a store is at work, at random and on several threads, in stacks that are merged all the time: they
 * remove nothing that is needed, and all that nobody needs.
 */
@ExtendWith(LeakChecker.class)
class SweepIT {
    private static final int THREADS = 4;
    private static final int STEPS = 60;
    private static final int DEPTH = 4;

    @Test
    void whatIsNeededStaysAndTheRestGoes() {
        SeededRandom.forAll(2, random -> {
            Path data = Files.createTempDirectory("contree-sweep-");
            Path trees = Files.createTempDirectory("contree-trees-");
            try (StoreFixture store = new StoreFixture(data, Optional.empty(), DEPTH)) {
                History history = new History(store, trees);
                history.run(random);
                history.verify();
                store.reopen();
                history.verify();
            } finally {
                Removal.remove(trees);
            }
        });
    }

    @Test
    void nothingGoesWhileAnotherProcessReads() throws Exception {
        try (StoreFixture store = new StoreFixture()) {
            UUID image = store.base().uuid();
            store.catalog.grant(image);
            store.catalog.release(image);
            try (RemovalLock _ = RemovalLock.forbid(store.layout()).orElseThrow()) {
                assertThat(store.store().collect(false)).isEmpty();
                assertThat(store.store().removing(() -> fail("it was forbidden")))
                        .isFalse();
                assertThat(store.catalog.image(image)).isPresent();
            }
            AtomicBoolean done = new AtomicBoolean();
            assertThat(store.store().removing(() -> done.set(true))).isTrue();
            assertThat(done).isTrue();
            assertThat(store.store().collect(false)).isPresent();
            assertThat(store.catalog.image(image)).isEmpty();
        }
    }

    /** An image and the files that a reader must find in it. */
    private record State(Image image, SortedMap<String, String> files) {}

    private static final class History {
        private final StoreFixture store;
        private final Path trees;
        private final List<State> states = new CopyOnWriteArrayList<>();
        private final List<StoredFile> uploads = new CopyOnWriteArrayList<>();
        private final AtomicInteger removals = new AtomicInteger();

        /** @param trees where directories to import are made */
        History(StoreFixture store, Path trees) throws Exception {
            this.store = store;
            this.trees = trees;
            add(store.base(), new TreeMap<>());
        }

        void run(SeededRandom random) throws Exception {
            AtomicBoolean ended = new AtomicBoolean();
            try (ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
                List<Future<?>> work = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    SeededRandom own = new SeededRandom(random.nextLong());
                    work.add(threads.submit(() -> {
                        for (int step = 0; step < STEPS; step++) {
                            step(own);
                        }
                        return null;
                    }));
                }
                Future<Integer> sweeps = threads.submit(() -> {
                    int count = 0;
                    for (; !ended.get(); count++) {
                        store.store().collect(count % 3 == 0);
                    }
                    return count;
                });
                try {
                    for (Future<?> each : work) {
                        each.get();
                    }
                } finally {
                    ended.set(true);
                }
                assertThat(sweeps.get()).as("sweeps beside the work").isGreaterThan(THREADS);
            }
            sweepBesideOpenThings(random);
        }

        private void step(SeededRandom random) throws Exception {
            try {
                work(random);
            } catch (StoreException e) {
                // Another thread removed the image before this one could use it.
                assertThat(e.kind()).as(e.getMessage()).isEqualTo(StoreException.Kind.NOT_FOUND);
                assertThat(removals.get()).as(e.getMessage()).isPositive();
            }
        }

        private void work(SeededRandom random) throws Exception {
            switch (random.between(0, 11)) {
                case 0, 1, 2 -> commit(random);
                case 3 -> throwAway(random);
                case 4 -> read(random.pick(states));
                case 5 -> importTree(random);
                case 6 -> writeLayers(random);
                case 7 -> upload(random);
                case 8 -> fillScratch(random);
                case 9 -> remove(random);
                case 10 -> removeUpload(random);
                default -> compare(random.pick(states), random.pick(states));
            }
        }

        private void commit(SeededRandom random) throws Exception {
            State parent = random.pick(states);
            SortedMap<String, String> files = new TreeMap<>(parent.files());
            try (Checkout checkout = store.store().checkout(parent.image())) {
                change(checkout, files, random);
                add(checkout.commit(StoreFixture.noEnv(), "").image(), files);
            }
        }

        private void throwAway(SeededRandom random) throws Exception {
            State parent = random.pick(states);
            try (Checkout checkout = store.store().checkout(parent.image())) {
                change(checkout, new TreeMap<>(parent.files()), random);
                verify(parent.files(), path -> Files.readString(checkout.root().resolve(path)));
            }
            try (LayerWriter layer = store.layers().write(List.of())) {
                StoreFixture.file(layer, "unnamed", "unnamed");
                layer.finish();
            }
        }

        /** Takes care not to touch what the parent's files are checked by afterwards. */
        private static void change(Checkout checkout, SortedMap<String, String> files, SeededRandom random)
                throws Exception {
            String path = "f" + random.between(0, 2) + "-" + files.size() % 5;
            if (files.containsKey(path)) {
                return;
            }
            String text = Long.toString(random.nextLong());
            StoreFixture.write(checkout.root().resolve(path), text);
            files.put(path, text);
        }

        private void read(State state) throws Exception {
            try (ImageView view = store.store().view(state.image())) {
                verify(state.files(), path -> text(view, path));
            }
        }

        private static String text(ImageView view, String path) throws Exception {
            try (var bytes = view.open(new RawPath(path)).bytes()) {
                return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        private void importTree(SeededRandom random) throws Exception {
            String text = Integer.toString(random.between(0, 5));
            Path tree = Files.createTempDirectory(trees, "tree");
            StoreFixture.write(tree.resolve("imported"), text);
            ImportSource source = new ImportSource("rootfs:" + tree, Optional.empty(), Duration.ofMinutes(1));
            try (Store.Hold hold = store.store().hold()) {
                Importer.Imported imported = store.store().importer().importImage(source, new Importer.Progress() {
                    @Override
                    public void step(String what, long done, long total) {}

                    @Override
                    public void reaching(UUID image) {
                        hold.add(image);
                    }
                });
                add(imported.image(), new TreeMap<>(Map.of("imported", text)));
            }
        }

        /** The first state stays, as something to go on from. */
        private void remove(SeededRandom random) {
            State state = random.pick(states);
            if (!state.equals(states.getFirst()) && states.remove(state)) {
                store.catalog.release(state.image().uuid());
                removals.incrementAndGet();
            }
        }

        private void removeUpload(SeededRandom random) {
            synchronized (uploads) {
                if (!uploads.isEmpty()) {
                    StoredFile file = random.pick(uploads);
                    uploads.removeIf(file::equals);
                    store.catalog.release(file.digest());
                    removals.incrementAndGet();
                }
            }
        }

        private void fillScratch(SeededRandom random) throws Exception {
            try (Layers.Scratch scratch = store.layers().scratch()) {
                Path file = Files.write(scratch.directory().resolve("half"), random.bytes(9));
                read(random.pick(states));
                assertThat(file).hasSize(9);
            }
        }

        /** As an import does, of two layers that other imports share. */
        private void writeLayers(SeededRandom random) throws Exception {
            UUID owner = new UUID(0, random.nextLong());
            Digest chain = Digest.of(random.bytes(32));
            try (Layers.Use use = store.layers().use();
                    Store.Hold hold = store.store().hold()) {
                LayerId lower;
                try (LayerWriter layer = store.layers().write(List.of())) {
                    StoreFixture.file(layer, "lower", "lower");
                    lower = layer.finish();
                    use.add(lower);
                    store.catalog.recordChain(owner, chain, lower);
                }
                String text = Long.toString(random.nextLong());
                try (LayerWriter layer = store.layers().write(List.of(lower))) {
                    StoreFixture.file(layer, "upper", text);
                    Image image =
                            store.layers().record(List.of(lower, layer.finish()), StoreFixture.noEnv(), "", hold::add);
                    add(image, new TreeMap<>(Map.of("lower", "lower", "upper", text)));
                }
            }
        }

        private void upload(SeededRandom random) throws Exception {
            byte[] bytes = {(byte) random.between(0, 9)};
            synchronized (uploads) { // an upload is a project's before another can remove the last name of it
                uploads.add(store.store().files().put(new ByteArrayInputStream(bytes)));
            }
        }

        private void compare(State from, State to) {
            assertThat(store.store().changes(from.image(), to.image(), 5).listed())
                    .hasSizeLessThanOrEqualTo(5);
        }

        /** The image must be held until then. */
        private void add(Image image, SortedMap<String, String> files) {
            store.catalog.grant(image.uuid());
            states.add(new State(image, files));
        }

        /** Things that are open stay, and can be used to their end, while all else that has no record goes. */
        private void sweepBesideOpenThings(SeededRandom random) throws Exception {
            State last = states.getLast();
            State state = new State(store.settled(last.image()), last.files());
            Path litter = litter();
            try (Checkout checkout = store.store().checkout(state.image());
                    ImageView view = store.store().view(state.image());
                    LayerWriter layer = store.layers().write(state.image().layers());
                    Layers.Scratch scratch = store.layers().scratch()) {
                StoreFixture.file(layer, "before", "before");
                store.store().collect(true);
                assertThat(litter).doesNotExist();
                assertThat(store.children(store.layout().checkouts())).hasSize(1);
                assertThat(store.children(store.layout().temporary())).hasSize(2);
                assertThat(scratch.directory()).isEmptyDirectory();
                verify(state.files(), path -> text(view, path));
                StoreFixture.file(layer, "after", "after");
                LayerId top = layer.finish();
                store.store().collect(true);
                assertThat(store.layout().layer(top).tree().resolve("after")).exists();
                SortedMap<String, String> files = new TreeMap<>(state.files());
                change(checkout, files, random);
                add(checkout.commit(StoreFixture.noEnv(), "").image(), files);
            }
            store.store().settle();
            store.store().collect(true);
            assertThat(names(store.layout().layers()))
                    .containsExactlyInAnyOrderElementsOf(store.catalog.layers().stream()
                            .map(LayerId::toString)
                            .toList());
            assertThat(store.children(store.layout().checkouts())).isEmpty();
            assertThat(store.children(store.layout().temporary())).isEmpty();
            assertThat(Mounts.below(store.layout().mounts()))
                    .hasSize(1 + names(store.layout().mounts()).size());
        }

        /** What a failure may leave; returns what would be the last to go. */
        private Path litter() throws Exception {
            Files.writeString(store.layout().temporary().resolve("half"), "half");
            Files.createDirectory(
                    store.layout().checkouts().resolve(UUID.randomUUID().toString()));
            Files.createDirectory(store.layout().view(UUID.randomUUID()));
            Files.createDirectory(store.layout().layer(LayerId.random()).directory());
            Path prefix = Files.createDirectories(store.layout().files().resolve("ab"));
            return Files.writeString(prefix.resolve("ab" + UUID.randomUUID()), "unnamed");
        }

        private List<String> names(Path directory) throws Exception {
            return store.children(directory).stream()
                    .map(path -> path.getFileName().toString())
                    .toList();
        }

        void verify() throws Exception {
            for (State state : states) {
                read(new State(store.store().image(state.image().uuid()), state.files()));
            }
            for (StoredFile file : uploads) {
                try (FileChannel bytes = store.store().files().open(file.digest())) {
                    assertThat(bytes.read(ByteBuffer.allocate(2))).isEqualTo(1);
                }
            }
        }

        private interface Reader {
            String text(String path) throws Exception;
        }

        private static void verify(SortedMap<String, String> files, Reader reader) throws Exception {
            for (String path : files.keySet()) {
                assertThat(reader.text(path)).as(path).isEqualTo(files.get(path));
            }
        }
    }
}
