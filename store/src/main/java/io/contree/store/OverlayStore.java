package io.contree.store;

import io.contree.linux.IdMapping;
import io.contree.linux.UserNamespace;
import io.contree.store.oci.OciImporter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A store on overlayfs. */
final class OverlayStore implements Store {
    private static final Duration VIEW_IDLE = Duration.ofMinutes(1);

    private final Runnable release;
    private final StoreParts parts;
    private final ViewMounts views;
    private final FileStore files;
    private final Importer importer;

    private OverlayStore(Runnable release, StoreParts parts, StoreConfig config) {
        this.release = release;
        this.parts = parts;
        this.views = new ViewMounts(parts.layout(), VIEW_IDLE);
        this.files = new BlobStore(parts.layout(), parts.catalog(), Clock.systemUTC());
        this.importer = new OciImporter(layers(), parts.catalog(), files, config);
    }

    static OverlayStore open(StoreConfig config, ImageCatalog catalog) {
        DataDirectory directory = DataDirectory.open(config.data());
        try {
            return open(directory, directory::close, config, catalog);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** A store on a directory that somebody else closes. */
    static OverlayStore open(DataDirectory directory, StoreConfig config, ImageCatalog catalog) {
        return open(directory, () -> {}, config, catalog);
    }

    private static OverlayStore open(
            DataDirectory directory, Runnable release, StoreConfig config, ImageCatalog catalog) {
        try {
            new StoreRecovery(directory.layout(), catalog).run();
            StoreParts parts = parts(directory.layout(), config, catalog);
            return new OverlayStore(release, parts, config);
        } catch (IOException e) {
            throw IoFailure.of("open the data directory " + config.data(), e);
        }
    }

    private static StoreParts parts(Layout layout, StoreConfig config, ImageCatalog catalog) throws IOException {
        StateXattrs xattrs =
                new StateXattrs(config.mapping().map(IdMapping::hostStart).orElse(0));
        StateSums skeleton = LayerMending.withSkeleton(layout, catalog, xattrs);
        Manifests manifests =
                new Manifests(layout, Manifest.open(layout.skeleton().manifest()));
        Images images = new Images(catalog, Clock.systemUTC());
        Optional<UserNamespace> owner = config.mapping().isPresent()
                ? Optional.of(UserNamespace.create(config.mapping().get()))
                : Optional.empty();
        if (owner.isPresent()) {
            try {
                DataDirectory.requireOverlays(layout, owner);
            } catch (StoreException e) {
                owner.get().close();
                throw e;
            }
        }
        StackDepth depth = new StackDepth(layout, manifests, config.stackLayers(), config.stackLayers() / 2);
        return new StoreParts(layout, catalog, images, manifests, xattrs, skeleton, depth, owner);
    }

    @Override
    public Image image(UUID uuid) {
        return parts.images().get(uuid);
    }

    @Override
    public Checkout checkout(Image image) {
        return OverlayCheckout.of(parts, image);
    }

    @Override
    public ImageView view(Image image) {
        return OverlayView.of(image, views);
    }

    @Override
    public Commit.Changes changes(Image from, Image to, int limit) {
        return new StackChanges(
                        parts.manifests().stack(from.layers()),
                        parts.manifests().stack(to.layers()),
                        limit)
                .compare();
    }

    @Override
    public FileStore files() {
        return files;
    }

    @Override
    public Importer importer() {
        return importer;
    }

    /** What an importer writes to. */
    Layers layers() {
        return new LayerMaker(parts);
    }

    /** What an image shows, by its manifests. */
    LayerStack stack(Image image) {
        return parts.manifests().stack(image.layers());
    }

    ViewMounts views() {
        return views;
    }

    /** Gives the data directory back and leaves everything else as a kill does; for tests. */
    void abandon() {
        release.run();
    }

    @Override
    public void close() {
        try {
            views.close();
            new StoreRecovery(parts.layout(), parts.catalog()).unmountAll();
            parts.owner().ifPresent(UserNamespace::close);
        } catch (IOException e) {
            throw IoFailure.of("close the data directory " + parts.layout().data(), e);
        } finally {
            release.run();
        }
    }
}
