package io.contree.store.overlay;

import io.contree.linux.DiskSpace;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.Host;
import io.contree.linux.IdMapping;
import io.contree.linux.LinuxException;
import io.contree.linux.Mounts;
import io.contree.linux.ProjectQuota;
import io.contree.linux.UserNamespace;
import io.contree.store.Checkout;
import io.contree.store.Collected;
import io.contree.store.Commit;
import io.contree.store.DiskUse;
import io.contree.store.FileStore;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.ImageDiff;
import io.contree.store.ImageView;
import io.contree.store.ImagesUse;
import io.contree.store.Importer;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.Layers;
import io.contree.store.Store;
import io.contree.store.StoreConfig;
import io.contree.store.StoreException;
import io.contree.store.dedup.EqualContents;
import io.contree.store.disk.BlobStore;
import io.contree.store.disk.DataDirectory;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.ProvenFiles;
import io.contree.store.disk.SharedContents;
import io.contree.store.layer.LayerMending;
import io.contree.store.layer.LinkHandles;
import io.contree.store.layer.StackDepth;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.Manifests;
import io.contree.store.manifest.StackChanges;
import io.contree.store.manifest.StackDiff;
import io.contree.store.manifest.StackSums;
import io.contree.store.oci.OciImporter;
import io.contree.store.state.StateSums;
import io.contree.store.state.StateXattrs;
import io.contree.store.view.OverlayView;
import io.contree.store.view.ViewMounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store on overlayfs. */
public final class OverlayStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(OverlayStore.class);
    private static final Duration VIEW_IDLE = Duration.ofMinutes(1);

    private final Runnable release;
    /** How often in a row free space must not have grown, with a pause between, to count as settled. */
    private static final int SETTLED = 3;

    private static final int MOST_ASKED = 40;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Fd disk;
    private final StoreParts parts;
    private final ViewMounts views;
    private final FileStore files;
    private final Importer importer;
    private final Collector collector;
    private final LayerUses uses;

    private OverlayStore(Runnable release, Fd disk, StoreParts parts, StoreConfig config) {
        this.release = release;
        this.disk = disk;
        this.parts = parts;
        this.views = new ViewMounts(parts.layout(), parts.contents(), parts.pins(), VIEW_IDLE);
        this.files = new BlobStore(parts.layout(), parts.catalog(), parts.pins(), parts.files(), Clock.systemUTC());
        this.importer = new OciImporter(layers(), parts.catalog(), files, config);
        this.uses = new LayerUses(parts.layout(), parts.catalog());
        this.collector =
                new Collector(parts.layout(), parts.contents(), parts.catalog(), parts.pins(), uses, this::letGo);
    }

    /**
     * Opens a data directory, created if missing.
     *
     * @throws StoreException IO if another process has it open or it is of a newer format
     */
    public static OverlayStore open(StoreConfig config, ImageCatalog catalog) {
        DataDirectory directory = DataDirectory.open(config.data());
        try {
            return open(directory, directory::close, config, catalog);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** As {@link #open(StoreConfig, ImageCatalog)}, in a directory that the caller holds and closes after the store. */
    public static OverlayStore open(DataDirectory directory, StoreConfig config, ImageCatalog catalog) {
        return open(directory, () -> {}, config, catalog);
    }

    private static OverlayStore open(
            DataDirectory directory, Runnable release, StoreConfig config, ImageCatalog catalog) {
        try {
            Layout layout = directory.layout();
            Pins pins = new Pins(layout);
            if (Host.isRoot() && !Mounts.allowLongRedirects()) {
                LOG.info("runs cannot rename directories of earlier runs whose path is longer than 256 bytes: "
                        + "/sys/module/overlay/parameters/redirect_max cannot be raised");
            }
            boolean sharesBlocks = SharedContents.areBlocksShared(layout);
            SharedContents contents = SharedContents.open(layout, sharesBlocks);
            catalog.releaseUnnamedImages(); // of operations that a kill cut short
            new Sweep(
                            layout,
                            contents,
                            catalog,
                            pins,
                            new Collector(
                                    layout, contents, catalog, pins, new LayerUses(layout, catalog), layers -> {}))
                    .run();
            mountInMemory(layout, pins);
            Fd disk = FileCalls.open(layout.data(), FileCalls.READ | FileCalls.DIRECTORY);
            try {
                return new OverlayStore(
                        release, disk, parts(layout, contents, sharesBlocks, config, catalog, pins, disk), config);
            } catch (IOException | RuntimeException e) {
                disk.close();
                throw e;
            }
        } catch (IOException e) {
            throw IoFailure.of("open the data directory " + config.data(), e);
        }
    }

    /** Mount points are directories in memory: viewing an image must not need an inode on the disk. */
    private static void mountInMemory(Layout layout, Pins pins) {
        try {
            pins.lease().add(layout.mounts()); // until the process ends
            Mounts.tmpfs(layout.mounts(), "mode=0711,size=16m");
        } catch (LinuxException e) {
            LOG.debug("mount points need inodes on the disk: {}", e.getMessage());
        }
    }

    private static StoreParts parts(
            Layout layout,
            SharedContents contents,
            boolean sharesBlocks,
            StoreConfig config,
            ImageCatalog catalog,
            Pins pins,
            Fd disk)
            throws IOException {
        StateXattrs xattrs =
                new StateXattrs(config.mapping().map(IdMapping::hostStart).orElse(0));
        StateSums skeleton = LayerMending.withSkeleton(layout, catalog, xattrs);
        Manifests manifests =
                new Manifests(layout, Manifest.open(layout.skeleton().manifest()));
        Images images = new Images(catalog, Clock.systemUTC());
        Damage damage = new Damage(layout, catalog, Clock.systemUTC());
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
        int most = config.stackLayers();
        StackDepth depth = new StackDepth(
                layout,
                contents,
                manifests,
                pins,
                layer -> !catalog.damage().layers().containsKey(layer),
                most,
                Math.max(2, most * 3 / 8));
        return new StoreParts(
                layout,
                contents,
                new EqualContents(layout, sharesBlocks),
                catalog,
                pins,
                images,
                damage,
                new ProvenFiles(layout),
                manifests,
                new LinkHandles(),
                xattrs,
                new StackSums(layout, manifests, skeleton),
                depth,
                new StackMerger(catalog, images, pins, depth, damage),
                owner,
                quota(disk));
    }

    private static Optional<ProjectQuota> quota(Fd disk) {
        Optional<ProjectQuota> quota = Host.isRoot() ? ProjectQuota.of(disk) : Optional.empty();
        LOG.info(
                quota.isPresent()
                        ? "limits of what runs write are kept by the disk (project quota)"
                        : "limits of what runs write are watched: the disk keeps none");
        return quota;
    }

    @Override
    public Image image(UUID uuid) {
        return parts.images().get(uuid);
    }

    @Override
    public Checkout checkout(Image image) {
        return checkout(image, parts.owner());
    }

    @Override
    public Checkout checkout(Image image, Optional<UserNamespace> users) {
        return parts.damage().explaining(image, () -> OverlayCheckout.of(parts, image, users));
    }

    @Override
    public ImageView view(Image image) {
        try (Pins.Lease lease = parts.pins().lease()) { // until its mount has pins of its own
            Image usable = parts.usable(image, lease);
            return parts.damage().explaining(usable, () -> OverlayView.of(usable, views));
        }
    }

    @Override
    public Commit.Changes changes(Image from, Image to, int limit) {
        return compare(from, to, (one, other) -> new StackChanges(one, other, limit).compare());
    }

    @Override
    public ImageDiff diff(Image from, Image to, ImageDiff.Query query) {
        return compare(from, to, (one, other) -> new StackDiff(one, other, query).find());
    }

    private <T> T compare(Image from, Image to, BiFunction<LayerStack, LayerStack, T> comparison) {
        Damage damage = parts.damage();
        try (Pins.Lease lease = parts.pins().lease()) {
            Image one = parts.usable(from, lease);
            Image other = parts.usable(to, lease);
            return damage.explaining(
                    one, () -> damage.explaining(other, () -> comparison.apply(stack(one), stack(other))));
        }
    }

    @Override
    public FileStore files() {
        return files;
    }

    @Override
    public DiskSpace space() {
        try {
            return DiskSpace.of(disk);
        } catch (LinuxException e) {
            throw IoFailure.of("ask how much room the disk of the data directory has", e);
        }
    }

    @Override
    public DiskSpace settledSpace() {
        try {
            FileCalls.syncFileSystem(disk);
        } catch (LinuxException e) {
            throw IoFailure.of("let the disk of the data directory settle", e);
        }
        // XFS frees what a removed file had in the background, and begins when it is asked what is free.
        DiskSpace space = space();
        for (int asked = 0, still = 0; still < SETTLED && asked < MOST_ASKED; asked++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            DiskSpace now = space();
            still = now.freeBytes() > space.freeBytes() ? 0 : still + 1;
            space = now;
        }
        return space;
    }

    @Override
    public Importer importer() {
        return importer;
    }

    /** Reads all layers over and over at this rate, and marks those that are damaged, until it is closed. */
    public AutoCloseable scrub(long bytesPerSecond) {
        return new Scrub(parts, bytesPerSecond);
    }

    /**
     * Looks for equal contents of layers again and again, comparing this much a second, and lets them share their blocks, until it is
     * closed. Does nothing where the disk shares none.
     */
    public AutoCloseable shareContents(long bytesPerSecond) {
        return parts.equal().isPossible() ? new ContentSharing(parts, this::removing, bytesPerSecond) : () -> {};
    }

    /** What an importer writes to. */
    public Layers layers() {
        return new LayerMaker(parts);
    }

    /** What an image shows, by its manifests. */
    LayerStack stack(Image image) {
        return parts.manifests().stack(image.layers());
    }

    ViewMounts views() {
        return views;
    }

    @Override
    public Optional<Collected> collect(boolean everything) {
        try {
            if (!everything) {
                return collector.collect();
            }
            parts.catalog().releaseUnusedChains();
            return new Sweep(parts.layout(), parts.contents(), parts.catalog(), parts.pins(), collector).run();
        } catch (IOException e) {
            throw IoFailure.of("remove what nothing names any more", e);
        }
    }

    @Override
    public boolean removing(Runnable work) {
        try {
            return collector.removing(work);
        } catch (IOException e) {
            throw IoFailure.of("take the lock for removing", e);
        }
    }

    private void letGo(Set<LayerId> layers) {
        views.unmountUnused(layers);
        layers.forEach(parts.manifests()::forget);
    }

    @Override
    public Collected collectable() {
        try {
            return collector.preview();
        } catch (IOException e) {
            throw IoFailure.of("find what nothing names any more", e);
        }
    }

    @Override
    public long layerBytes(LayerId layer) {
        return measured(() -> uses.whole(layer)).bytes();
    }

    @Override
    public DiskUse use() {
        return measured(uses::total);
    }

    @Override
    public ImagesUse use(Set<UUID> images) {
        return measured(() -> uses.of(images));
    }

    @Override
    public Map<UUID, ImagesUse> useOfEach(Collection<UUID> images) {
        return measured(() -> uses.ofEach(images));
    }

    private interface Measurement<T> {
        T make() throws IOException;
    }

    private static <T> T measured(Measurement<T> measurement) {
        try {
            return measurement.make();
        } catch (IOException e) {
            throw IoFailure.of("measure the layers of images", e);
        }
    }

    @Override
    public Hold hold() {
        Pins.Lease lease = parts.pins().lease();
        return new Hold() {
            @Override
            public synchronized void add(UUID image) {
                lease.add(image);
            }

            @Override
            public synchronized void close() {
                lease.close();
            }
        };
    }

    /** Waits until no stack is left to be merged; for tests. */
    void settle() throws InterruptedException {
        parts.merger().settle();
    }

    /** Releases the data directory and leaves everything else as a kill would; for tests. */
    void abandon() {
        parts.merger().close();
        disk.close();
        release.run();
    }

    @Override
    public void close() {
        try {
            parts.merger().close();
            views.close();
            for (Path mount : Mounts.below(parts.layout().mounts())) {
                Mounts.unmount(mount, true);
            }
            parts.owner().ifPresent(UserNamespace::close);
            disk.close();
        } catch (IOException e) {
            throw IoFailure.of("close the data directory " + parts.layout().data(), e);
        } finally {
            release.run();
        }
    }
}
