package io.contree.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A directory with layers and mount points that leaves nothing behind. */
final class OverlayFixture implements AutoCloseable {
    final Path root;
    final Path target;
    final Path upper;
    final Path work;

    /** On the file system of the temporary directory. */
    OverlayFixture() throws IOException {
        this(Files.createTempDirectory("linux-it-"));
    }

    /** In a directory that this owns from now on. */
    OverlayFixture(Path root) throws IOException {
        assumeTrue(Host.isRoot(), "mounting needs root");
        this.root = root;
        this.target = Files.createDirectory(root.resolve("target"));
        Path writable = Files.createDirectory(root.resolve("writable"));
        this.upper = Files.createDirectory(writable.resolve("upper"));
        this.work = Files.createDirectory(writable.resolve("work"));
    }

    Path lower(String name) throws IOException {
        return Files.createDirectory(root.resolve(name));
    }

    Mounts.Overlay writable(Path... lowers) {
        return new Mounts.Overlay(List.of(lowers), Optional.of(new Mounts.Upper(upper, work)), Optional.empty());
    }

    Mounts.Overlay mapped(UserNamespace owner, Path... lowers) {
        return new Mounts.Overlay(List.of(lowers), Optional.of(new Mounts.Upper(upper, work)), Optional.of(owner));
    }

    static Mounts.Overlay readOnly(List<Path> lowers) {
        return new Mounts.Overlay(lowers, Optional.empty(), Optional.empty());
    }

    /** The uid of a file. */
    static int uid(Path file) throws IOException {
        return stat(file).uid();
    }

    static Stat stat(Path file) throws LinuxException {
        return FileCalls.stat(Fd.CWD, Mounts.raw(file));
    }

    /** Runs a program of the machine as another user and fails unless it succeeds. */
    static void runAs(int id, String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(
                List.of("setpriv", "--reuid", String.valueOf(id), "--regid", String.valueOf(id), "--clear-groups"));
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(whole + " failed: " + output);
        }
    }

    @Override
    public void close() throws IOException {
        for (Path mount : Mounts.below(root)) {
            Mounts.unmount(mount, true);
        }
        FileCalls.removeTree(Fd.CWD, Mounts.raw(root));
    }
}
