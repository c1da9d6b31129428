package io.contree.cli.pool;

import io.contree.cli.pool.LoopDevices.LoopDevice;
import io.contree.cli.pool.Pool.Mounted;
import io.contree.cli.terminal.Bytes;
import io.contree.linux.Host;
import io.contree.store.IoFailure;
import io.contree.store.disk.DataDirectory;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The pools of this machine. All but {@link #status} need root. */
public final class Pools {
    private final Tools tools;
    private final LoopDevices devices;
    private final Fstab fstab;
    private final boolean root;

    public Pools() {
        this(new HostTools(), new LoopDevices(), new Fstab(), Host.isRoot());
    }

    Pools(Tools tools, LoopDevices devices, Fstab fstab, boolean root) {
        this.tools = tools;
        this.devices = devices;
        this.fstab = fstab;
        this.root = root;
    }

    /**
     * Makes a pool and mounts it. One that is there as it was planned is finished where it is not.
     *
     * @throws PoolException if that cannot be done; nothing of it is left then
     */
    public PoolStatus create(PoolPlan plan) {
        requireRoot("create");
        new PoolCreation(tools, devices, fstab).create(plan);
        return status(plan.data());
    }

    /**
     * Mounts a pool that is there, or turns on direct I/O of one that is mounted.
     *
     * @param image empty for the one that was made for this directory
     */
    public PoolStatus mount(Path data, Optional<Path> image) {
        requireRoot("mount");
        Path place = PoolPlan.real(data);
        Optional<Pool> there = Pool.find(place, devices);
        Optional<Mounted> mounted = there.flatMap(Pool::mounted);
        if (mounted.isPresent()) {
            // The machine mounts it without when it starts.
            PoolCreation.turnOnDirectIo(mounted.get().device(), tools);
        } else {
            PoolImage file = image.map(PoolPlan::real)
                    .map(PoolImage::new)
                    .or(() -> there.map(Pool::image))
                    .orElseGet(() -> PoolImage.beside(place));
            if (!file.exists()) {
                throw none(place, file);
            }
            new PoolCreation(tools, devices, fstab).mount(file, place);
        }
        return status(place);
    }

    /** The pool of a directory as it is. */
    public PoolStatus status(Path data) {
        return status(find(PoolPlan.real(data)), tools, fstab);
    }

    /** The pool of a directory as it is, if there is a mounted one. */
    public static Optional<PoolStatus> statusIfMounted(Path data) {
        return Pool.find(PoolPlan.real(data), new LoopDevices())
                .filter(pool -> pool.mounted().isPresent())
                .map(pool -> status(pool, new HostTools(), new Fstab()));
    }

    static PoolStatus status(Pool pool, Tools tools, Fstab fstab) {
        Optional<Mounted> mounted = pool.mounted();
        PoolImage image = pool.image();
        if (!image.exists()) {
            throw new PoolException("the file of the pool, " + image.file() + ", is not there; bring it back, or give"
                    + " the pool up with contree pool remove --data " + pool.data());
        }
        Optional<String> type =
                mounted.map(Mounted::type).or(() -> image.fileSystem(tools).map(PoolFileSystem::type));
        return new PoolStatus(
                pool.data(),
                image.file(),
                type.orElse(null),
                mounted.map(m -> m.device().device().toString()).orElse(null),
                image.size(),
                mounted.map(m -> used(pool.data())).orElse(null),
                image.allocated(),
                image.room(),
                mounted.map(m -> m.device().directIo()).orElse(false),
                mounted.map(Mounted::hasQuota).orElse(false),
                mounted.flatMap(m -> PoolFileSystem.ofType(m.type())
                                .map(f -> Fstab.line(image.file(), pool.data(), f.type(), options(m, f))))
                        .orElse(null),
                fstab.lineOf(pool.data()).isPresent());
    }

    /** Those that worked. */
    private static String options(Mounted mounted, PoolFileSystem fileSystem) {
        return fileSystem.mountOptions().stream()
                .filter(options -> mounted.hasQuota() || !options.contains("prjquota"))
                .findFirst()
                .orElseThrow();
    }

    private static long used(Path data) {
        try {
            var store = Files.getFileStore(data);
            return store.getTotalSpace() - store.getUnallocatedSpace();
        } catch (IOException e) {
            throw new PoolException("could not look at " + data + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes a mounted pool larger, while it is used.
     *
     * @throws PoolException also if it has that size already, or its disk lacks the room; a failure half-way leaves the file larger,
     *     and it can be tried again
     */
    public PoolStatus grow(Path data, long size, boolean overcommit) {
        requireRoot("grow");
        Pool pool = find(PoolPlan.real(data));
        Mounted mounted = pool.mounted()
                .orElseThrow(() -> new PoolException("the pool of " + pool.data()
                        + " is not mounted: contree pool mount --data " + pool.data() + ", and try again"));
        PoolFileSystem fileSystem = PoolFileSystem.ofType(mounted.type())
                .orElseThrow(() -> new PoolException(pool.data() + " is not a pool: it has " + mounted.type()));
        PoolImage image = pool.image();
        if (size < image.size()) {
            throw new PoolException("the pool of " + pool.data() + " has " + Bytes.text(image.size())
                    + " already, and cannot become smaller; name a larger --size");
        }
        if (size - image.allocated() > image.room() && !overcommit) {
            throw new PoolException("the disk of " + image.file() + " has " + Bytes.text(image.room())
                    + " free, which is less than the pool would lack; name a smaller --size, or --overcommit if you"
                    + " watch that disk");
        }
        image.enlarge(size);
        tools.run(Tool.LOSETUP, "--set-capacity", mounted.device().device().toString());
        fileSystem.grow(tools, pool.data());
        return status(pool.data());
    }

    private static boolean isServed(Path data) {
        try {
            return DataDirectory.isServed(new Layout(data));
        } catch (IOException e) {
            throw IoFailure.of("look whether a server has " + data, e);
        }
    }

    /**
     * Unmounts a pool and removes its file.
     *
     * @param force also if it holds data, or cannot say whether
     * @throws PoolException if it is in use; nothing was done then
     */
    public void remove(Path data, boolean force) {
        requireRoot("remove");
        Pool pool = find(PoolPlan.real(data));
        if (pool.mounted().isPresent()) {
            if (isServed(pool.data())) {
                throw new PoolException("a server works on the pool of " + pool.data() + "; stop it, and try again");
            }
            if (!force && !isEmpty(pool.data())) {
                throw new PoolException("the pool of " + pool.data()
                        + " holds data; save what is needed (contree backup), and remove the pool with all that is in"
                        + " it by --force");
            }
            unmount(pool.data());
        } else if (!force && pool.image().exists()) {
            throw new PoolException("the pool of " + pool.data() + " is not mounted, so that it cannot be seen whether"
                    + " it holds data; mount it with contree pool mount --data " + pool.data()
                    + ", or remove it with all that is in it by --force");
        }
        fstab.remove(pool.data());
        for (LoopDevice device : devices.of(pool.image().file())) {
            tools.run(Tool.LOSETUP, "--detach", device.device().toString());
        }
        pool.image().remove();
        try {
            Files.deleteIfExists(new Layout(pool.data()).poolNotMounted());
        } catch (IOException e) {
            throw new PoolException("could not clear " + pool.data() + ": " + e.getMessage(), e);
        }
    }

    private void unmount(Path data) {
        try {
            tools.run(Tool.UMOUNT, data.toString());
        } catch (PoolException e) {
            throw new PoolException(
                    e.getMessage() + "; end what works in it (fuser -vm " + data + " names it), and try" + " again");
        }
    }

    private static boolean isEmpty(Path data) {
        try (Stream<Path> entries = Files.list(data)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new PoolException("could not look into " + data + ": " + e.getMessage(), e);
        }
    }

    private Pool find(Path data) {
        return Pool.find(data, devices).orElseThrow(() -> none(data, PoolImage.beside(data)));
    }

    private static PoolException none(Path data, PoolImage file) {
        return new PoolException(
                file.exists()
                        ? data + " has no pool mounted; if " + file.file() + " is its file: contree pool mount --data "
                                + data + " --image " + file.file()
                        : data + " has no pool; make one with contree pool create --size SIZE --data " + data);
    }

    private void requireRoot(String verb) {
        if (!root) {
            throw new PoolException("mounting needs root; try again as root: sudo contree pool " + verb + " …");
        }
    }
}
