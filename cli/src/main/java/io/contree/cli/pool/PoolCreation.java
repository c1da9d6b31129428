package io.contree.cli.pool;

import io.contree.cli.pool.LoopDevices.LoopDevice;
import io.contree.cli.terminal.Bytes;
import io.contree.linux.MountInfo;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes and mounts pools. A step that fails takes back all that were done before it; what a killed attempt left, the next one
 * makes use of.
 */
final class PoolCreation {
    private final Tools tools;
    private final LoopDevices devices;
    private final Fstab fstab;
    private final Undo undo = new Undo();

    PoolCreation(Tools tools, LoopDevices devices, Fstab fstab) {
        this.tools = tools;
        this.devices = devices;
        this.fstab = fstab;
    }

    void create(PoolPlan plan) {
        PoolFileSystem fileSystem = plan.fileSystem().orElseGet(() -> PoolFileSystem.preferred(tools));
        for (Tool tool : List.of(fileSystem.mkfs(), Tool.LOSETUP, Tool.MOUNT, Tool.UMOUNT, Tool.BLKID)) {
            if (!tools.has(tool)) {
                throw PoolException.notInstalled(tool);
            }
        }
        PoolImage image = new PoolImage(plan.image());
        Optional<MountInfo> mount = Pool.mountAt(plan.data());
        if (mount.isPresent()) {
            requireMounted(plan, mount.get());
        } else {
            requireEmpty(plan.data());
        }
        if (image.exists()) {
            requireSame(plan, image);
        } else {
            requireRoom(plan, image);
        }
        undoing(() -> {
            if (!image.exists()) {
                image.make(plan.size(), fileSystem, tools);
                undo.add(image::remove);
            }
            if (mount.isEmpty()) {
                mountImage(image, plan.data());
            }
            if (plan.atBoot()) {
                writeFstab(plan.data());
            }
        });
    }

    /** Mounts the file of a pool. */
    void mount(PoolImage image, Path data) {
        requireEmpty(data);
        undoing(() -> mountImage(image, data));
    }

    private void undoing(Runnable steps) {
        try {
            steps.run();
        } catch (PoolException e) {
            throw undo.after(e);
        }
    }

    private void mountImage(PoolImage image, Path data) {
        PoolFileSystem fileSystem = image.fileSystem(tools)
                .orElseThrow(() -> new PoolException(image.file() + " is not the file of a pool"));
        LoopDevice device = attached(image);
        prepare(image, data);
        mountDevice(device, fileSystem, data);
        undo.add(() -> tools.run(Tool.UMOUNT, data.toString()));
        // From now on it is let go of when it is unmounted.
        tools.run(Tool.LOSETUP, "--detach", device.device().toString());
    }

    private LoopDevice attached(PoolImage image) {
        List<LoopDevice> there = devices.of(image.file());
        if (!there.isEmpty()) {
            return there.getFirst();
        }
        String device = tools.run(Tool.LOSETUP, "--find", "--show", image.file().toString());
        undo.add(() -> {
            if (!devices.of(image.file()).isEmpty()) {
                tools.run(Tool.LOSETUP, "--detach", device);
            }
        });
        LoopDevice made = new LoopDevice(Path.of(device), image.file(), false);
        turnOnDirectIo(made, tools);
        return made;
    }

    /** Where the disk below can; status says whether. */
    static void turnOnDirectIo(LoopDevice device, Tools tools) {
        try {
            tools.run(Tool.LOSETUP, "--direct-io=on", device.device().toString());
        } catch (PoolException e) {
            return;
        }
    }

    private void prepare(PoolImage image, Path data) {
        Path sign = new Layout(data).poolNotMounted();
        try {
            if (Files.notExists(data)) {
                Files.createDirectory(data);
                undo.add(() -> Files.delete(data));
            }
            if (Files.notExists(sign)) {
                undo.add(() -> Files.deleteIfExists(sign));
            }
            Files.writeString(
                    sign,
                    image.file() + "\nThe pool in this file belongs here and is not mounted: contree pool mount --data "
                            + data + "\n");
            PoolImage.sync(sign);
            PoolImage.sync(data);
        } catch (IOException e) {
            throw new PoolException("could not prepare " + data + ": " + e.getMessage(), e);
        }
    }

    private void mountDevice(LoopDevice device, PoolFileSystem fileSystem, Path data) {
        PoolException failure = null;
        for (String options : fileSystem.mountOptions()) {
            try {
                tools.run(
                        Tool.MOUNT,
                        "-t",
                        fileSystem.type(),
                        "-o",
                        options,
                        device.device().toString(),
                        data.toString());
                return;
            } catch (PoolException e) {
                failure = failure == null ? e : failure;
            }
        }
        throw failure == null ? new PoolException("no way to mount " + fileSystem) : failure;
    }

    private void writeFstab(Path data) {
        PoolStatus status = Pools.status(Pool.find(data, devices).orElseThrow(), tools, fstab);
        fstab.write(
                status.image(), data, Optional.ofNullable(status.fstabLine()).orElseThrow());
    }

    private void requireMounted(PoolPlan plan, MountInfo mount) {
        boolean same = Pool.find(plan.data(), devices)
                .filter(pool -> pool.image().file().equals(plan.image()))
                .isPresent();
        if (!same) {
            throw new PoolException(
                    plan.data() + " has " + mount.source() + " mounted already; name another directory with --data");
        }
    }

    static void requireEmpty(Path data) {
        Layout layout = new Layout(data);
        if (Files.exists(layout.format())) {
            throw new PoolException(data + " holds the data of a contree server, and a pool is mounted at a directory"
                    + " that is missing or empty; to move the data into a pool: contree backup, stop the server, move "
                    + data + " away, make the pool, contree restore (docs/operating.md, \"Pools\")");
        }
        if (Files.exists(data) && !Files.isDirectory(data)) {
            throw new PoolException(data + " is not a directory; name another one with --data");
        }
        if (Files.isDirectory(data)) {
            try (Stream<Path> entries = Files.list(data)) {
                Optional<Path> other = entries.filter(entry -> !entry.equals(layout.poolNotMounted()))
                        .findFirst();
                if (other.isPresent()) {
                    throw new PoolException(data + " is not empty (there is "
                            + other.get().getFileName() + "), and what is in it would be hidden; name another"
                            + " directory with --data");
                }
            } catch (IOException e) {
                throw new PoolException("could not look into " + data + ": " + e.getMessage(), e);
            }
        }
    }

    private void requireSame(PoolPlan plan, PoolImage image) {
        Optional<PoolFileSystem> there = image.fileSystem(tools);
        if (there.isEmpty()) {
            throw new PoolException(image.file() + " is there and is not a pool; name another file with --image");
        }
        boolean differs = plan.fileSystem().isPresent() && !plan.fileSystem().equals(there);
        if (differs || image.size() != plan.size()) {
            throw new PoolException(image.file() + " is a pool already, of " + Bytes.text(image.size()) + " with "
                    + there.get() + "; mount it with contree pool mount --image " + image.file()
                    + ", or name another file with --image");
        }
    }

    private static void requireRoom(PoolPlan plan, PoolImage image) {
        long room = image.room();
        if (room < plan.size() && !plan.overcommit()) {
            throw new PoolException("the disk of " + image.file() + " has " + Bytes.text(room)
                    + " free, and writes to a pool of " + Bytes.text(plan.size())
                    + " would fail once it is full; name a smaller --size, another --image, or --overcommit if you"
                    + " watch that disk");
        }
    }
}
