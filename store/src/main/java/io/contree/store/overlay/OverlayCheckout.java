package io.contree.store.overlay;

import io.contree.linux.Errno;
import io.contree.linux.FaultPoint;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Mounts;
import io.contree.linux.RawPath;
import io.contree.linux.UserNamespace;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.DiskUse;
import io.contree.store.Image;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.PlacedFile;
import io.contree.store.StoreException;
import io.contree.store.disk.LayerPaths;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.Removal;
import io.contree.store.layer.EntryAttributes;
import io.contree.store.layer.LayerDraft;
import io.contree.store.layer.LayerSeal;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.LayerSums;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.StateSums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A checkout on a mounted overlay. */
final class OverlayCheckout implements Checkout {
    private static final Duration LONGEST_HELD = Duration.ofSeconds(10);
    private static final Duration HELD_AGAIN = Duration.ofMillis(1);

    private final StoreParts parts;
    private final Image image;
    private final Optional<UserNamespace> users;
    private final Layout.CheckoutDirectory directory;
    private final Pins.Lease lease;
    private volatile Allotment allotment = Allotment.none();
    private boolean open = true;
    private boolean committed;

    private OverlayCheckout(StoreParts parts, Image image, Optional<UserNamespace> users, Pins.Lease lease) {
        this.parts = parts;
        this.image = image;
        this.users = users;
        this.directory = parts.layout().checkout(UUID.randomUUID());
        this.lease = lease;
        lease.add(directory.directory());
        lease.add(directory.root());
    }

    /** Makes and mounts a checkout. */
    static OverlayCheckout of(StoreParts parts, Image image, Optional<UserNamespace> users) {
        Pins.Lease lease = parts.pins().lease();
        OverlayCheckout checkout;
        try {
            checkout = new OverlayCheckout(parts, parts.usable(image, lease), users, lease);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
        try {
            checkout.prepare();
            checkout.mount();
            checkout.allotment.begin();
            return checkout;
        } catch (IOException e) {
            checkout.close();
            throw IoFailure.of("check out image " + image.uuid(), e);
        } catch (RuntimeException e) {
            checkout.close();
            throw e;
        }
    }

    private void prepare() throws IOException {
        Files.createDirectory(directory.directory());
        if (users.isPresent()) { // else root inside could give its files to another project
            allotment = Allotment.of(parts.quota(), directory.directory());
        }
        Files.createDirectory(directory.root());
        Files.createDirectory(directory.work());
        String upper = RawPath.of(directory.upper()).raw();
        FileCalls.makeDirectory(Fd.CWD, upper, 0700);
        // The root of an overlay shows the attributes of its upper directory, not those of the layers.
        EntryAttributes.apply(below().root().entry(), Fd.CWD, upper);
    }

    private LayerStack below() {
        return parts.manifests().stack(image.layers());
    }

    private void mount() throws IOException {
        FaultPoint.reach("checkout.made");
        Mounts.Overlay overlay = new Mounts.Overlay(
                LayerPaths.lowers(parts.layout(), image.layers()),
                Optional.of(new Mounts.Upper(directory.upper(), directory.work())),
                users,
                parts.contents().directory());
        long end = System.nanoTime() + LONGEST_HELD.toNanos();
        while (!mounted(overlay, end)) {
            LockSupport.parkNanos(HELD_AGAIN.toNanos());
            // An overlay that is refused has used its work directory nevertheless.
            Removal.remove(directory.work());
            Files.createDirectory(directory.work());
        }
    }

    /**
     * False if a layer is still the upper directory of the run that made it: the overlay of that is unmounted, but somebody has not let
     * go of it, such as a process that was being started and has yet to close what it got from this one.
     */
    private boolean mounted(Mounts.Overlay overlay, long end) throws LinuxException {
        try {
            Mounts.overlay(overlay, directory.root());
            return true;
        } catch (LinuxException e) {
            if (e.errno() != Errno.EBUSY || System.nanoTime() > end) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public Optional<DiskUse> metered() {
        try {
            return allotment.use();
        } catch (LinuxException e) {
            throw IoFailure.of("ask the disk what the checkout of image " + image.uuid() + " has", e);
        }
    }

    @Override
    public void limitTo(DiskUse most) {
        requireOpen();
        try {
            allotment.limitTo(most);
        } catch (LinuxException e) {
            throw IoFailure.of("limit the checkout of image " + image.uuid(), e);
        }
    }

    @Override
    public Image image() {
        return image;
    }

    @Override
    public Path root() {
        requireOpen();
        return directory.root();
    }

    @Override
    public void place(PlacedFile file, Runnable goOn) {
        requireOpen();
        try {
            if (parts.catalog().file(file.digest()).isPresent()) {
                parts.files().require(file.digest());
            }
        } catch (IOException e) {
            throw IoFailure.of("read the uploaded file " + file.digest(), e);
        }
        new Placement(parts.layout(), directory.root(), users, goOn).place(file);
    }

    @Override
    public DiskUse use(BooleanSupplier goOn) {
        try {
            return DiskUsage.of(directory.upper(), goOn);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                return new DiskUse(0, 0);
            }
            throw IoFailure.of("measure the checkout of image " + image.uuid(), e);
        }
    }

    @Override
    public Commit commit(SortedMap<String, String> env, String cwd, Runnable goOn) {
        requireOpen();
        committed = true;
        try {
            return LayerSeal.isUntouched(directory.upper(), below(), parts.xattrs())
                    ? new Commit(recordUnchanged(env, cwd), 0, 0)
                    : keep(env, cwd, goOn);
        } catch (IOException e) {
            throw parts.damage().explained(image, IoFailure.of("commit the changes made to image " + image.uuid(), e));
        } catch (StoreException e) {
            throw parts.damage().explained(image, e);
        }
    }

    private Commit keep(SortedMap<String, String> env, String cwd, Runnable goOn) throws IOException {
        // Made before the check, so that no lost write is missed; this checkout already pins the layers below.
        try (LayerDraft draft = new LayerDraft(parts.layout(), parts.contents(), parts.pins(), List.of())) {
            FaultPoint.reach("commit.begun");
            Mounts.demandAllWritten(directory.root());
            unmount();
            FaultPoint.reach("commit.unmounted");
            allotment.close(); // the commit is not the run's, and a layer has no limit
            return Checkpoint.during(goOn, () -> seal(draft, env, cwd));
        }
    }

    private Commit seal(LayerDraft draft, SortedMap<String, String> env, String cwd) throws IOException {
        Files.move(directory.upper(), draft.tree(), StandardCopyOption.ATOMIC_MOVE);
        FaultPoint.reach("commit.moved");
        draft.resolve(below(), image.layers(), directory.index(), parts.handles(), parts.xattrs());
        FaultPoint.reach("commit.resolved");
        LayerSeal.Sealed sealed = draft.seal(below(), parts.xattrs());
        FaultPoint.reach("commit.sealed");
        return new Commit(record(draft, sealed, env, cwd), sealed.bytes(), sealed.changes());
    }

    private Image record(LayerDraft draft, LayerSeal.Sealed sealed, SortedMap<String, String> env, String cwd)
            throws IOException {
        if (sealed.changes() == 0) {
            return recordUnchanged(env, cwd);
        }
        Images images = parts.images();
        StateSums sums = StateSums.of(image).plus(sealed.delta());
        Optional<Image> known = known(sums, env, cwd);
        if (known.isPresent() && isWhole(known.get())) {
            return known.get();
        }
        List<LayerId> stack = parts.depth().bearable(LayerDraft.plus(image.layers(), draft.id()), lease);
        draft.publish(new LayerSums(stack, sums), sealed, parts.equal());
        return known.isPresent()
                ? images.heal(known.get(), stack, draft)
                : offered(images.record(images.describe(sums, stack, env, cwd), draft));
    }

    /** The same files, perhaps with another environment or working directory. */
    private Image recordUnchanged(SortedMap<String, String> env, String cwd) throws IOException {
        Images images = parts.images();
        StateSums sums = StateSums.of(image);
        Optional<Image> known = known(sums, env, cwd);
        if (known.isPresent() && isWhole(known.get())) {
            return known.get();
        }
        List<LayerId> stack = parts.depth().bearable(image.layers(), lease);
        return known.isPresent()
                ? images.heal(known.get(), stack)
                : offered(images.record(images.describe(sums, stack, env, cwd)));
    }

    private Optional<Image> known(StateSums sums, SortedMap<String, String> env, String cwd) {
        Image described = parts.images().describe(sums, image.layers(), env, cwd);
        lease.add(described.uuid()); // whatever is removed meanwhile: it is asked for again
        return parts.images().known(described);
    }

    private boolean isWhole(Image known) {
        return known.layers().equals(image.layers()) || !parts.damage().isIn(known.layers());
    }

    private Image offered(Image recorded) {
        parts.merger().offer(recorded);
        return recorded;
    }

    private void requireOpen() {
        if (!open || committed) {
            throw new IllegalStateException(
                    "the checkout of image " + image.uuid() + " is " + (open ? "committed" : "closed"));
        }
    }

    private void unmount() throws LinuxException {
        try {
            Mounts.unmount(directory.root(), false);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EBUSY) {
                throw e;
            }
            // Somebody still reads from it, such as a reader of its output; nobody writes any more.
            Mounts.unmount(directory.root(), true);
        }
    }

    @Override
    public void close() {
        try {
            leave();
        } finally {
            lease.close();
        }
    }

    /** Leaves nothing of it on the disk; what it pins stays. */
    private void leave() {
        if (!open) {
            return;
        }
        open = false;
        try {
            unmount();
        } catch (LinuxException e) {
            throw IoFailure.of("unmount the checkout of image " + image.uuid(), e);
        } finally {
            Removal.remove(directory.root());
            Removal.remove(directory.directory());
            allotment.close();
        }
    }
}
