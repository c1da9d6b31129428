package io.contree.sandbox.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A small root file system made of the machine's static busybox, as an image would hold it: owned by root. */
final class BusyboxTree {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private BusyboxTree() {}

    static Path make(Path root) throws IOException, InterruptedException {
        for (String name : List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp", "var")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(root.resolve("tmp"), "unix:mode", 01777);
        Files.copy(BUSYBOX, root.resolve("bin/busybox"));
        Files.setAttribute(root.resolve("bin/busybox"), "unix:mode", 0755);
        for (String applet : applets()) {
            if (!applet.equals("busybox") && !applet.equals("su")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
            }
        }
        Files.copy(BUSYBOX, root.resolve("bin/su"));
        Files.setAttribute(root.resolve("bin/su"), "unix:mode", 04755);
        Files.writeString(
                root.resolve("etc/passwd"), "root::0:0:root:/root:/bin/sh\nann::1000:1000:ann:/tmp:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nann:x:1000:\n");
        Files.writeString(root.resolve("etc/shadow"), "root::::::::\nann::::::::\n");
        for (String name : List.of("hosts", "hostname", "resolv.conf")) {
            Files.writeString(root.resolve("etc").resolve(name), "of the image\n");
        }
        return root;
    }

    private static List<String> applets() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(BUSYBOX.toString(), "--list").start();
        String names = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return names.lines().toList();
    }
}
