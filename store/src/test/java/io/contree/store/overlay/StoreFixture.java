package io.contree.store.overlay;

import io.contree.linux.IdMapping;
import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.InMemoryImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.LayerWriter;
import io.contree.store.Layers;
import io.contree.store.StoreConfig;
import io.contree.store.check.Check;
import io.contree.store.check.Fault;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Removal;
import io.contree.store.manifest.LayerStack;
import io.contree.store.view.ViewMounts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A real store in a directory of its own, with short forms of what tests do to it. Closing removes all of it. */
public final class StoreFixture implements AutoCloseable {
    public static final LayerWriter.Attributes DIRECTORY = new LayerWriter.Attributes(0755, 0, 0, 0);
    public static final LayerWriter.Attributes FILE = new LayerWriter.Attributes(0644, 0, 0, 1_000_000_000L);

    public final Path data;
    public InMemoryImageCatalog catalog = new InMemoryImageCatalog();
    private final Optional<IdMapping> mapping;
    private final int mostLayers;
    private OverlayStore store;

    public StoreFixture() throws IOException {
        this(Files.createTempDirectory("contree-store-"), Optional.empty(), 64);
    }

    public StoreFixture(Optional<IdMapping> mapping) throws IOException {
        this(Files.createTempDirectory("contree-store-"), mapping, 64);
    }

    /** @param mostLayers of a stack that is settled, of which half are merged at once */
    public StoreFixture(Path data, Optional<IdMapping> mapping, int mostLayers) {
        this.data = data;
        this.mapping = mapping;
        this.mostLayers = mostLayers;
        this.store = open();
    }

    /** A store on data that are there, with the records of another. */
    public StoreFixture(Path data, InMemoryImageCatalog catalog) {
        this.data = data;
        this.mapping = Optional.empty();
        this.mostLayers = 64;
        this.catalog = catalog;
        this.store = open();
    }

    private OverlayStore open() {
        return OverlayStore.open(new StoreConfig(data, mapping, false, List.of(Path.of("/")), mostLayers), catalog);
    }

    /** What an importer writes to. */
    public Layers layers() {
        return store.layers();
    }

    /** What an image shows, by its manifests. */
    public LayerStack stack(Image image) {
        return store.stack(image);
    }

    public ViewMounts views() {
        return store.views();
    }

    public OverlayStore store() {
        return store;
    }

    public Layout layout() {
        return new Layout(data);
    }

    /** An image as it is recorded when nothing is left to be merged. */
    public Image settled(Image image) throws InterruptedException {
        store.settle();
        return store.image(image.uuid());
    }

    /** Closes the store and reopens it on the same directory and records. */
    public void reopen() {
        store.close();
        store = open();
    }

    /** What is done while the store is closed. */
    public interface Meanwhile {
        void run() throws Exception;
    }

    public void reopen(Meanwhile meanwhile) throws Exception {
        store.close();
        meanwhile.run();
        store = open();
    }

    /** As {@link #reopen()}, with other records. */
    public void reopen(InMemoryImageCatalog other) {
        store.close();
        catalog = other;
        store = open();
    }

    /** Reopens the directory as after a kill: the store before released only its lock. */
    void abandon() {
        store.abandon();
        store = open();
    }

    public static SortedMap<String, String> noEnv() {
        return new TreeMap<>();
    }

    /** Lists entries of one layer. */
    public interface Listing {
        void write(LayerWriter layer) throws IOException;
    }

    public LayerId layer(List<LayerId> parents, Listing listing) throws IOException {
        try (LayerWriter writer = store.layers().write(parents)) {
            listing.write(writer);
            return writer.finish();
        }
    }

    public Image image(Listing listing) throws IOException {
        return store.layers().record(List.of(layer(List.of(), listing)), noEnv(), "");
    }

    /** A small image with a little of everything, mount points included: so mounts and views of it show the same. */
    public Image base() throws IOException {
        return image(layer -> {
            for (String point : List.of("dev", "proc", "sys")) {
                layer.directory(new RawPath(point), new LayerWriter.Attributes(0755, 0, 0, 0));
            }
            for (String point : List.of("etc/hostname", "etc/hosts", "etc/resolv.conf")) {
                layer.file(
                        new RawPath(point), new LayerWriter.Attributes(0644, 0, 0, 0), InputStream.nullInputStream());
            }
            layer.directory(new RawPath("./"), DIRECTORY);
            layer.directory(new RawPath("etc"), DIRECTORY);
            layer.directory(new RawPath("tmp"), new LayerWriter.Attributes(01777, 0, 0, 0));
            file(layer, "etc/passwd", "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n");
            file(layer, "etc/group", "root:x:0:\nstaff:x:50:\n");
            file(layer, "data/a", "aaa");
            file(layer, "data/b", "bbb");
            file(layer, "data/sub/c", "ccc");
            layer.symlink(new RawPath("link"), new RawPath("data/a"), DIRECTORY);
            layer.hardLink(new RawPath("data/linked"), new RawPath("data/a"));
        });
    }

    public static void file(LayerWriter layer, String path, String content) throws IOException {
        layer.file(new RawPath(path), FILE, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    /** What a run does to a checkout. */
    public interface Run {
        void in(Path root) throws Exception;
    }

    public Commit run(Image image, Run run) throws Exception {
        return run(image, image.env(), image.cwd(), run);
    }

    public Commit run(Image image, SortedMap<String, String> env, String cwd, Run run) throws Exception {
        try (Checkout checkout = store.checkout(image)) {
            run.in(checkout.root());
            return checkout.commit(env, cwd);
        }
    }

    /** The image after a run. */
    public Image after(Image image, Run run) throws Exception {
        return run(image, run).image();
    }

    /** Writes with a fixed modification time, so that the same text is the same entry. */
    public static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
    }

    public static void shell(Path directory, String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("failed: " + script + "\n" + output);
        }
    }

    public String read(Image image, String path) throws IOException {
        try (ImageView view = store.view(image);
                var bytes = view.open(new RawPath(path)).bytes()) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a check of everything finds, contents included. */
    public List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        new Check(
                        layout(),
                        catalog,
                        catalog,
                        new Check.Options(true, true),
                        (what, done, total, bytesRead) -> {},
                        faults::add)
                .run();
        return faults;
    }

    public List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }

    /** Paths in the tree of an image's top layer, without its root. */
    public List<String> topLayer(Image image) throws IOException {
        Path tree = layout().layer(image.layers().getLast()).tree();
        try (Stream<Path> paths = Files.walk(tree)) {
            return paths.filter(path -> !path.equals(tree))
                    .map(path -> tree.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        store.close();
        Removal.remove(data);
        if (Files.exists(data)) {
            throw new IOException("could not remove " + data);
        }
    }
}
