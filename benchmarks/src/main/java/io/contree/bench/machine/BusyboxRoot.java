package io.contree.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small root file system with the machine's static busybox, the same for every runtime that is measured. */
public final class BusyboxRoot {
    private BusyboxRoot() {}

    public static void make(Path root) throws IOException, InterruptedException {
        for (String directory : List.of("bin", "etc", "tmp", "root", "proc", "sys", "dev", "usr/bin")) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        Programs.run(List.of("chroot", root.toString(), "/bin/busybox", "--install", "-s", "/bin"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
    }
}
