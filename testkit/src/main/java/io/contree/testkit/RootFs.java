package io.contree.testkit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Real root file systems. The Debian ones are made once for each machine and kept in {@code ~/.cache/contree}, or in
 * the directory that the system property {@code contree.testkit.cache} names.
 */
public final class RootFs {
    private static final String SUITE = "bookworm";
    private static final List<String> DIRECTORIES = List.of(
            "bin", "dev", "etc", "home", "proc", "root", "run", "sys", "tmp", "usr", "usr/bin", "var", "var/tmp");

    private RootFs() {}

    /** Fills a directory with a static busybox, links for its applets, and an {@code /etc}; needs no root. */
    public static Path busybox(Path directory) throws IOException, InterruptedException {
        Requirements.staticBusybox();
        Path program = new Program("busybox").find().orElseThrow();
        for (String name : DIRECTORIES) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.copy(program, directory.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String applet : new Program("busybox").run("--list").split("\n")) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(directory.resolve("bin").resolve(applet), Path.of("busybox"));
            }
        }
        Files.writeString(directory.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:\n");
        Files.writeString(directory.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
        for (String name : List.of("tmp", "var/tmp")) {
            Files.setAttribute(directory.resolve(name), "unix:mode", 01777);
        }
        Files.setPosixFilePermissions(directory.resolve("root"), PosixFilePermissions.fromString("rwx------"));
        return directory;
    }

    /** A tar of Debian's smallest variant; skips the test where it cannot be made. Not to be changed. */
    public static Path debianTar() throws IOException, InterruptedException {
        return cached("debian-" + SUITE + "-minbase.tar", fresh -> {
            Requirements.mmdebstrap();
            Requirements.mirror();
            new Program("mmdebstrap").run("--quiet", "--variant=minbase", "--format=tar", SUITE, fresh.toString());
        });
    }

    /** The same, unpacked by GNU tar with owners, devices and attributes. Not to be changed; needs root. */
    public static Path debianTree() throws IOException, InterruptedException {
        Requirements.root();
        Path tar = debianTar();
        return cached("debian-" + SUITE + "-minbase", fresh -> {
            Files.createDirectory(fresh);
            unpack(tar, fresh);
        });
    }

    /** Debian's smallest variant with some packages, as a tree. Not to be changed; needs root. */
    public static Path debianTree(List<String> packages) throws IOException, InterruptedException {
        Requirements.root();
        String name = "debian-" + SUITE + "-" + Integer.toHexString(packages.hashCode());
        return cached(name, fresh -> {
            Requirements.mmdebstrap();
            Requirements.mirror();
            Files.createDirectory(fresh);
            new Program("mmdebstrap")
                    .run(
                            "--quiet",
                            "--variant=minbase",
                            "--include=" + String.join(",", packages),
                            "--format=directory",
                            SUITE,
                            fresh.toString());
        });
    }

    /** Packs a tree with GNU tar, nanoseconds and extended attributes included. */
    public static Path pack(Path tree, Path tar) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--format=posix", "--numeric-owner", "--sort=name"));
        arguments.addAll(List.of("--xattrs", "--xattrs-include=*", "--sparse"));
        arguments.addAll(List.of("-C", tree.toString(), "-cf", tar.toString(), "."));
        new Program("tar").run(arguments);
        return tar;
    }

    /** Unpacks a tar with GNU tar, everything as it is in there. */
    public static void unpack(Path tar, Path into) throws IOException, InterruptedException {
        new Program("tar")
                .run(
                        "--numeric-owner",
                        "--xattrs",
                        "--xattrs-include=*",
                        "-C",
                        into.toString(),
                        "-xpf",
                        tar.toString());
    }

    private interface Maker {
        void make(Path fresh) throws IOException, InterruptedException;
    }

    /** One process makes it while the others wait; what has its final name is whole. */
    private static Path cached(String name, Maker maker) throws IOException, InterruptedException {
        Path cache = Path.of(
                System.getProperty("contree.testkit.cache", System.getProperty("user.home") + "/.cache/contree"));
        Path kept = cache.resolve(name);
        if (Files.exists(kept)) {
            return kept;
        }
        Files.createDirectories(cache);
        Path lock = cache.resolve(name + ".lock");
        synchronized (RootFs.class) {
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (held.isValid() && !Files.exists(kept)) {
                    make(maker, cache.resolve(name + ".fresh"), kept);
                }
            }
        }
        return kept;
    }

    private static void make(Maker maker, Path fresh, Path kept) throws IOException, InterruptedException {
        Trees.remove(fresh);
        try {
            maker.make(fresh);
            Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Trees.remove(fresh);
        }
    }
}
