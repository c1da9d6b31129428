package io.contree.bench.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where cgroup v2 was unmounted on a hybrid machine, crun and podman make plain directories in its place and leave them, hidden from
 * everybody for whom it is mounted.
 */
public final class PlainCgroups {
    private static final Path PLACE = Path.of("/sys/fs/cgroup/unified");

    private PlainCgroups() {}

    /** Removes those whose names begin so. */
    public static void remove(String prefix) throws IOException, InterruptedException {
        if (!Files.isDirectory(PLACE) || Files.getFileStore(PLACE).type().startsWith("cgroup")) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(PLACE, prefix + "*")) {
            for (Path cgroup : left) {
                Programs.run(List.of("rm", "-r", cgroup.toString()));
            }
        }
    }
}
