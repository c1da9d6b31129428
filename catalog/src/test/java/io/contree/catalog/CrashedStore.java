package io.contree.catalog;

import io.contree.api.ImageRecord;
import io.contree.engine.Images;
import io.contree.engine.OperationRecord;
import io.contree.engine.Page;
import io.contree.engine.Samples;
import io.contree.engine.retention.Retention;
import io.contree.linux.FaultPoint;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.Image;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.Store;
import io.contree.store.StoreConfig;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import io.contree.store.disk.DataDirectory;
import io.contree.store.overlay.OverlayStore;
import io.contree.testkit.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a server does with its store and catalog, without sandboxes: imports, commits in stacks that are merged, uploads, tags,
 * removals and collections, at random. Each step is told when it is acknowledged. As a main program, the child of
 * {@link CrashMatrixIT}, it dies at a point.
 */
final class CrashedStore implements AutoCloseable {
    static final UUID PROJECT = new UUID(1, 1);

    private static final Images.Filter EVERY =
            new Images.Filter(false, false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private final DataDirectory directory;
    private final SqlCatalog catalog;
    private final OverlayStore store;
    private final Path trees;
    private final SeededRandom random;
    private final Told told;
    private final List<Image> images = new ArrayList<>();
    private final List<StoredFile> files = new ArrayList<>();
    private Optional<OperationRecord> running = Optional.empty();

    /** Hears what was acknowledged, or is about to be asked for. */
    interface Told {
        void line(String line);
    }

    /** @param trees where directories to import are made */
    CrashedStore(Path data, Path trees, SeededRandom random, Told told) {
        this.directory = DataDirectory.open(data);
        this.catalog = SqlCatalog.serve(directory.catalogLink());
        // Engine's first duty at a start.
        catalog.operations()
                .unfinished()
                .forEach(
                        left -> catalog.operations().finish(left.uuid(), Samples.failure("interrupted", Samples.THEN)));
        this.store = OverlayStore.open(
                directory, new StoreConfig(data, Optional.empty(), false, List.of(Path.of("/")), 4), catalog.images());
        this.trees = trees;
        this.random = random;
        this.told = told;
        catalog.projects().images(PROJECT, EVERY, new Page(1000, 0)).stream()
                .map(ImageRecord::uuid)
                .distinct()
                .map(store::image)
                .forEach(images::addFirst);
    }

    public static void main(String[] args) {
        SeededRandom random = new SeededRandom(Long.parseLong(args[2]));
        Told told = line -> {
            System.out.println(line);
            System.out.flush();
        };
        try (CrashedStore store = new CrashedStore(Path.of(args[0]), Path.of(args[1]), random, told)) {
            FaultPoint.armDeath(args[3], Integer.parseInt(args[4]));
            store.work(Integer.parseInt(args[5]));
        }
    }

    OverlayStore store() {
        return store;
    }

    SqlCatalog catalog() {
        return catalog;
    }

    /** Does steps until it dies; a failure of one is told and the next goes on. */
    void work(int steps) {
        for (int step = 0; step < steps; step++) {
            try {
                step(step);
            } catch (StoreException | IOException e) {
                told.line("failed " + e);
                running.ifPresent(run -> catalog.operations().finish(run.uuid(), Samples.failure("no", Instant.now())));
            }
            running = Optional.empty();
        }
    }

    private void step(int step) throws IOException {
        if (images.isEmpty()) {
            importTree();
            return;
        }
        switch (step < 8 ? step : random.between(0, 11)) {
            case 0 -> importTree();
            case 1, 2, 3, 9, 10 -> commit();
            case 4 -> upload();
            case 5 -> tagAndRemove();
            case 6 -> store.collect(random.chance(30));
            case 7 -> reachAgain();
            case 8 -> pin();
            default -> branch();
        }
    }

    private OperationRecord accept(UUID input) {
        OperationRecord run = Samples.run(PROJECT, input, Instant.now());
        catalog.operations().accept(run);
        running = Optional.of(run);
        return run;
    }

    private void acknowledge(OperationRecord run, Image image, String text) {
        catalog.operations().finish(run.uuid(), Samples.success(image.uuid(), Instant.now()));
        told.line("image " + image.uuid() + " " + text);
        images.removeIf(known -> known.uuid().equals(image.uuid()));
        images.add(image);
    }

    private void importTree() throws IOException {
        String text = "imported" + random.between(0, 3);
        Path tree = Files.createTempDirectory(trees, "tree");
        Files.writeString(tree.resolve("f"), text);
        OperationRecord run = accept(UUID.randomUUID());
        try (Store.Hold hold = store.hold()) {
            ImportSource source = new ImportSource("rootfs:" + tree, Optional.empty(), Duration.ofMinutes(1));
            Image image = store.importer()
                    .importImage(source, new Importer.Progress() {
                        @Override
                        public void step(String what, long done, long total) {}

                        @Override
                        public void reaching(UUID uuid) {
                            hold.add(uuid);
                        }
                    })
                    .image();
            acknowledge(run, image, text);
        }
    }

    private void commit() throws IOException {
        write(images.getLast(), "text" + random.nextLong());
    }

    /** From anywhere, to one of a few states. */
    private void branch() throws IOException {
        write(random.pick(images), "branch" + random.between(0, 3));
    }

    /** The same state once more, which may have been removed. */
    private void reachAgain() throws IOException {
        write(images.getFirst(), "again");
    }

    private void write(Image parent, String text) throws IOException {
        OperationRecord run = accept(parent.uuid());
        try (Store.Hold hold = store.hold();
                Checkout checkout = store.checkout(store.image(parent.uuid()))) {
            Path file = checkout.root().resolve("f");
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
            Commit commit = checkout.commit(new TreeMap<>(), "");
            hold.add(commit.image().uuid());
            acknowledge(run, commit.image(), text);
        }
    }

    private void upload() throws IOException {
        byte[] bytes = ("upload" + random.between(0, 5)).getBytes(StandardCharsets.UTF_8);
        StoredFile file = store.files().put(new ByteArrayInputStream(bytes));
        catalog.projects().recordFile(PROJECT, file, Instant.now());
        files.add(file);
        told.line("upload " + file.digest() + " " + new String(bytes, StandardCharsets.UTF_8));
        if (files.size() > 2) {
            StoredFile old = files.removeFirst();
            told.line("giving-up " + old.digest());
            catalog.retention().idle(PROJECT, Retention.Kind.UPLOADS, Optional.empty(), 100).stream()
                    .filter(used -> used.uuid().equals(old.uuid()))
                    .forEach(used -> catalog.retention().removeUploads(PROJECT, List.of(used), Set.of()));
            files.removeIf(old::equals);
        }
    }

    private void tagAndRemove() {
        Image tagged = images.getLast();
        catalog.projects().tag(PROJECT, tagged.uuid(), "latest", Instant.now());
        told.line("tag " + tagged.uuid());
        if (images.size() > 2) {
            Image gone = images.remove(random.between(0, images.size() - 2));
            boolean force = random.chance(80);
            if (force
                    || !catalog.retention()
                            .needs(PROJECT, gone.uuid())
                            .orElseThrow()
                            .any()) {
                told.line("removing " + gone.uuid());
            }
            catalog.retention().remove(PROJECT, gone.uuid(), force);
        }
    }

    private void pin() {
        Image pinned = random.pick(images);
        catalog.retention().pin(PROJECT, pinned.uuid(), random.chance(50), Instant.now());
    }

    @Override
    public void close() {
        store.close();
        catalog.close();
        directory.close();
    }
}
