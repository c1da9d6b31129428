package io.contree.sandbox.oci;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.Mounts;
import io.contree.linux.RawPath;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.nursery.Nursery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the containers of one server live while they run: a tmpfs that the root user of a sandbox may pass through, as may others
 * since each has ids of its own, and that nobody may read.
 *
 * <p>It lies in {@code /run} and not in the server's state directory, because the runtime resolves mount sources with the
 * ids of the sandbox: a data directory that only its owner may enter would make every start fail.
 *
 * <pre>
 * /run/contree-0123456789ab/     tmpfs, mode 0711
 *   bin/crun                     a runtime, bind-mounted read-only
 *   bin/contree-init-…           our init, copied
 *   runtime/crun/                a runtime's own state
 *   server                       the server's process id and when it started, in ticks (proc_pid_stat(5)): doctor reads it
 *   nursery, nursery.…           the root of the nursery of sandboxes, which it alone sees, and what it says when it fails
 *   namespaces/                  network namespaces that wait for a sandbox or are in use
 *   ID/                          one bundle, see {@link Bundle}; its group is the root group of the sandbox
 * </pre>
 */
final class RuntimeDirectory {
    private static final Path PARENT = Path.of("/run");

    private final Path path;
    private final boolean mapped;

    private RuntimeDirectory(Path path, boolean mapped) {
        this.path = path;
        this.mapped = mapped;
    }

    /** The directory of the server that owns a state directory; nothing is made yet. */
    static RuntimeDirectory of(SandboxConfig config) throws IOException {
        Path state = Files.createDirectories(
                        config.state(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                .toRealPath();
        return new RuntimeDirectory(
                PARENT.resolve(SandboxConfig.nameOf(state)), config.mapping().isPresent());
    }

    Path path() {
        return path;
    }

    /** See {@link SandboxConfig#nameOf}. */
    String name() {
        return path.getFileName().toString();
    }

    /** The state directories of the OCI runtimes, each in one of its name. */
    Path runtimeStates() {
        return path.resolve("runtime");
    }

    /** Programs that the sandboxes need. */
    Path programs() {
        return path.resolve("bin");
    }

    /** Files that stand for namespaces. */
    Path namespaces() {
        return path.resolve("namespaces");
    }

    /** Where the nursery lives, and what it needs. */
    Nursery.Place nursery(Path program, Path init) {
        return new Nursery.Place(
                program, init, path.resolve("nursery.socket"), nurseryHome(), path.resolve("nursery.errors"));
    }

    /** Where the nursery mounts its own root. */
    Path nurseryHome() {
        return path.resolve("nursery");
    }

    Path bundle(String id) {
        return path.resolve(id);
    }

    /** Makes the directory and mounts it. */
    void mount() throws IOException {
        Files.createDirectories(path);
        Mounts.tmpfs(path, "size=256m,nr_inodes=256k," + (mapped ? "mode=0711" : "mode=0700"));
        makeDirectory("bin");
        makeDirectory("runtime");
        makeDirectory("namespaces");
        Files.writeString(path.resolve("server"), ProcessHandle.current().pid() + " " + startOfThisProcess() + "\n");
    }

    private static String startOfThisProcess() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
        // The second field, the name, may have spaces and is in parentheses; the start is the 22nd.
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    }

    /** Unmounts everything at and below the directory and removes it. */
    void remove() throws IOException {
        for (Path mount : Mounts.below(path)) {
            Mounts.unmount(mount, true);
        }
        int flags = FileCalls.READ | FileCalls.DIRECTORY;
        try (Fd parent = FileCalls.open(Fd.CWD, RawPath.of(PARENT).raw(), flags, 0, FileCalls.RESOLVE_NO_SYMLINKS)) {
            FileCalls.removeTree(parent, RawPath.of(name()).raw());
        }
    }

    private void makeDirectory(String name) throws IOException {
        Path directory = Files.createDirectory(path.resolve(name));
        FileCalls.chmod(Fd.CWD, RawPath.of(directory).raw(), mapped ? 0711 : 0700);
    }
}
