package io.contree.sandbox.oci;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.IdMapping;
import io.contree.linux.Mounts;
import io.contree.linux.Mounts.Overlay;
import io.contree.linux.Mounts.Upper;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.SandboxSpec.Limits;
import io.contree.sandbox.Sandboxes;
import io.contree.sandbox.egress.EgressConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Real sandboxes on overlays of a busybox tree, for tests; closing it fails if a sandbox left anything on the machine. */
final class Machine implements AutoCloseable {
    static final Limits LIMITS = new Limits(256L << 20, 2, 256, 64 << 20);

    private static final AtomicInteger counter = new AtomicInteger();

    private final Path directory;
    private final Path tree;
    private final Optional<IdMapping> mapping;
    private final RuntimeDirectory runtimeDirectory;
    private final Sandboxes sandboxes;
    // What else the test has started, before this machine.
    private final Set<ProcessHandle> others =
            ProcessHandle.current().descendants().collect(Collectors.toSet());
    private final Map<Path, Reservation> mounted = new ConcurrentHashMap<>();

    private Machine(Path directory, String runtime, Optional<IdMapping> mapping)
            throws IOException, InterruptedException {
        this(directory, runtime, mapping, Optional.empty());
    }

    private Machine(Path directory, String runtime, Optional<IdMapping> mapping, Optional<EgressConfig> egress)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.mapping = mapping;
        this.tree = BusyboxTree.make(directory.resolve("tree"));
        SandboxConfig own = config(runtime);
        SandboxConfig config = new SandboxConfig(own.runtime(), own.state(), own.mapping(), egress);
        this.runtimeDirectory = RuntimeDirectory.of(config);
        this.sandboxes = OciSandboxes.open(config);
    }

    static Machine start(String runtime) throws IOException, InterruptedException {
        return new Machine(Files.createTempDirectory("contree-sandbox"), runtime, Optional.of(IdMapping.DEFAULT));
    }

    /** One whose sandboxes have no user namespace of their own. */
    static Machine withoutMapping() throws IOException, InterruptedException {
        return new Machine(Files.createTempDirectory("contree-sandbox"), "crun", Optional.empty());
    }

    /** One whose sandboxes can have a network; the mapping is optional. */
    static Machine networked(EgressConfig egress, Optional<IdMapping> mapping)
            throws IOException, InterruptedException {
        return new Machine(Files.createTempDirectory("contree-sandbox"), "crun", mapping, Optional.of(egress));
    }

    SandboxConfig config(String runtime) {
        return new SandboxConfig(runtime, directory.resolve("state"), mapping);
    }

    Sandboxes sandboxes() {
        return sandboxes;
    }

    String name() {
        return runtimeDirectory.name();
    }

    /** The read-only tree that is below every root. */
    Path tree() {
        return tree;
    }

    /** A directory that the test may use. */
    Path directory() {
        return directory;
    }

    /** A fresh writable root over the busybox tree and, above it, other lower directories; with ids of its own. */
    Path root(Path... above) throws IOException {
        return root(sandboxes.reserve(new NetworkPolicy.None()), above);
    }

    /** As above, for a sandbox for which this was reserved. */
    synchronized Path root(Reservation reservation, Path... above) throws IOException {
        Path base = Files.createDirectories(directory.resolve("roots").resolve("" + counter.incrementAndGet()));
        Upper upper =
                new Upper(Files.createDirectory(base.resolve("upper")), Files.createDirectory(base.resolve("work")));
        Path root = Files.createDirectory(base.resolve("root"));
        List<Path> lowers = new ArrayList<>(List.of(above));
        lowers.add(tree);
        Mounts.overlay(new Overlay(lowers, Optional.of(upper), reservation.users()), root);
        mounted.put(root, reservation);
        return root;
    }

    /** Where what was written to a root lies. */
    static Path upper(Path root) {
        return root.resolveSibling("upper");
    }

    SandboxSpec spec(Path root, Limits limits) {
        return new SandboxSpec("test-" + counter.incrementAndGet(), root, "box", limits, reserved(root));
    }

    /** What the sandboxes of a root have. */
    Reservation reserved(Path root) {
        return mounted.get(root);
    }

    /** One with a network and other lower directories in its root. */
    Sandbox startNetworked(Path... above) throws IOException, InterruptedException {
        return sandboxes.start(spec(root(sandboxes.reserve(new NetworkPolicy.Internet()), above), LIMITS));
    }

    Sandbox start() throws IOException, InterruptedException {
        return start(LIMITS);
    }

    Sandbox start(Limits limits) throws IOException, InterruptedException {
        return sandboxes.start(spec(root(), limits));
    }

    /** Everything on this machine that belongs to a sandbox; empty if none runs. */
    List<String> traces() throws IOException {
        List<String> traces = new ArrayList<>();
        try (var hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies) {
                add(traces, hierarchy.resolve(name()));
            }
        }
        // Newer ones of crun keep compiled seccomp filters there, for all containers that come.
        Path cache = runtimeDirectory.runtimeState().resolve(".cache");
        add(traces, runtimeDirectory.runtimeState());
        traces.remove(cache.toString());
        if (Files.isDirectory(runtimeDirectory.path())) {
            add(traces, runtimeDirectory.path());
            traces.removeIf(
                    trace -> trace.endsWith("/bin") || trace.endsWith("/namespaces") || trace.endsWith("/runtime"));
        }
        for (Path mount : Mounts.below(runtimeDirectory.path())) {
            if (!mount.equals(runtimeDirectory.path())
                    && !mount.startsWith(runtimeDirectory.path().resolve("bin"))
                    && !mount.startsWith(runtimeDirectory.namespaces())) {
                traces.add("mount " + mount);
            }
        }
        ProcessHandle.current()
                .descendants()
                .filter(process -> !others.contains(process))
                .forEach(process -> traces.add("process " + process.pid() + " " + process.info()));
        return traces;
    }

    private static void add(List<String> traces, Path parent) throws IOException {
        if (Files.isDirectory(parent)) {
            try (var children = Files.newDirectoryStream(parent, Files::isDirectory)) {
                children.forEach(child -> traces.add(child.toString()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        mounted.values().forEach(Reservation::close);
        sandboxes.close();
        List<String> traces = traces();
        if (Files.exists(runtimeDirectory.path())) {
            traces.add(runtimeDirectory.path().toString());
        }
        for (Path root : mounted.keySet()) {
            Mounts.unmount(root, true);
        }
        try (Fd parent = FileCalls.open(directory.getParent(), FileCalls.DIRECTORY)) {
            FileCalls.removeTree(parent, directory.getFileName().toString());
        }
        if (!traces.isEmpty()) {
            throw new AssertionError("left behind: " + traces);
        }
    }
}
