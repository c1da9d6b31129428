package io.contree.cli.pool;

import io.contree.cli.pool.LoopDevices.LoopDevice;
import io.contree.linux.MountInfo;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A pool that is there.
 *
 * @param mounted empty while it is not mounted
 */
record Pool(Path data, PoolImage image, Optional<Mounted> mounted) {
    /**
     * How it is mounted.
     *
     * @param options of the file system, such as {@code rw,prjquota}
     */
    record Mounted(LoopDevice device, String type, String options) {
        boolean hasQuota() {
            return (',' + options + ',').contains(",prjquota,");
        }
    }

    /** The pool of a data directory: of what is mounted there or, by the sign below the mount, of what should be. */
    static Optional<Pool> find(Path data, LoopDevices devices) {
        Optional<MountInfo> mount = mountAt(data);
        if (mount.isPresent()) {
            Path source = Path.of(mount.get().source());
            return devices.all().stream()
                    .filter(device -> device.device().equals(source))
                    .findFirst()
                    .map(device -> new Pool(
                            data,
                            new PoolImage(device.file()),
                            Optional.of(new Mounted(
                                    device, mount.get().type(), mount.get().fileSystemOptions()))));
        }
        return imageBySign(data).map(image -> new Pool(data, image, Optional.empty()));
    }

    /** What is mounted at a directory. */
    static Optional<MountInfo> mountAt(Path directory) {
        try {
            return MountInfo.ofThisProcess().stream()
                    .filter(mount -> mount.point().equals(directory))
                    .reduce((below, above) -> above);
        } catch (IOException e) {
            throw new PoolException("the mounts of this machine cannot be listed: " + e.getMessage(), e);
        }
    }

    private static Optional<PoolImage> imageBySign(Path data) {
        Path sign = new Layout(data).poolNotMounted();
        try {
            return Files.exists(sign)
                    ? Files.readString(sign).lines().findFirst().map(Path::of).map(PoolImage::new)
                    : Optional.empty();
        } catch (IOException e) {
            throw new PoolException("could not read " + sign + ": " + e.getMessage(), e);
        }
    }
}
