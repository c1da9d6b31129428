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
import io.contree.sandbox.cgroup.Cgroup;
import io.contree.sandbox.cgroup.Cgroups;
import io.contree.sandbox.egress.EgressConfig;
import io.contree.sandbox.nursery.WaitingSandbox;
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
    static final Reservation NOTHING_RESERVED = Reservation.withoutNetwork("crun", Optional.empty());
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
    private final Map<Path, List<Path>> lowers = new ConcurrentHashMap<>();
    private final Map<String, Reservation> used = new ConcurrentHashMap<>();

    private Machine(List<String> runtimes, Optional<IdMapping> mapping, Optional<EgressConfig> egress)
            throws IOException, InterruptedException {
        this.directory = Files.createTempDirectory("contree-sandbox");
        this.mapping = mapping;
        this.tree = BusyboxTree.make(directory.resolve("tree"));
        SandboxConfig own = config(runtimes.getFirst());
        List<String> further = runtimes.subList(1, runtimes.size());
        SandboxConfig config = new SandboxConfig(own.runtime(), further, own.state(), own.mapping(), egress, 0);
        this.runtimeDirectory = RuntimeDirectory.of(config);
        this.sandboxes = OciSandboxes.open(config);
    }

    static Machine start(String runtime) throws IOException, InterruptedException {
        return new Machine(List.of(runtime), Optional.of(IdMapping.DEFAULT), Optional.empty());
    }

    /** One whose sandboxes have no user namespace of their own. */
    static Machine withoutMapping() throws IOException, InterruptedException {
        return new Machine(List.of("crun"), Optional.empty(), Optional.empty());
    }

    /** One whose sandboxes can have a network; the mapping is optional. */
    static Machine networked(String runtime, EgressConfig egress, Optional<IdMapping> mapping)
            throws IOException, InterruptedException {
        return new Machine(List.of(runtime), mapping, Optional.of(egress));
    }

    /** One with several runtimes, whose sandboxes can have a network where those allow it. */
    static Machine withRuntimes(String... runtimes) throws IOException, InterruptedException {
        return new Machine(List.of(runtimes), Optional.of(IdMapping.DEFAULT), Optional.of(EgressConfig.DEFAULT));
    }

    SandboxConfig config(String runtime) {
        return new SandboxConfig(runtime, List.of(), directory.resolve("state"), mapping, Optional.empty(), 0);
    }

    Sandboxes sandboxes() {
        return sandboxes;
    }

    /** Why sandboxes of the usual runtime cannot have a network. */
    Optional<String> noNetwork() {
        return sandboxes.noNetwork(sandboxes.usual());
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
        Files.createDirectory(base.resolve("upper"));
        Path root = Files.createDirectory(base.resolve("root"));
        List<Path> all = new ArrayList<>(List.of(above));
        all.add(tree);
        lowers.put(root, all);
        mount(root, reservation);
        return root;
    }

    private void mount(Path root, Reservation reservation) throws IOException {
        Path work = Files.createTempDirectory(root.getParent(), "work");
        Upper upper = new Upper(upper(root), work);
        Mounts.overlay(new Overlay(lowers.get(root), Optional.of(upper), reservation.users()), root);
        mounted.put(root, reservation);
    }

    /** Where what was written to a root lies. */
    static Path upper(Path root) {
        return root.resolveSibling("upper");
    }

    /** For the next run on a root: after the first one it is mounted anew, as the checkout of the next run would be. */
    synchronized SandboxSpec spec(Path root, Limits limits) throws IOException {
        if (used.containsValue(reserved(root))) {
            Mounts.unmount(root, true);
            mount(root, sandboxes.reserve(new NetworkPolicy.None()));
        }
        return spec(root, limits, reserved(root));
    }

    /** For one more run on a root on which another one still works. */
    SandboxSpec specBeside(Path root) {
        return spec(root, LIMITS, sandboxes.reserve(new NetworkPolicy.None()));
    }

    private SandboxSpec spec(Path root, Limits limits, Reservation reservation) {
        SandboxSpec spec = new SandboxSpec("test-" + counter.incrementAndGet(), root, "box", limits, reservation);
        used.put(spec.id(), reservation);
        return spec;
    }

    /** The processes of a sandbox that runs. */
    List<ProcessHandle> processes(Sandbox sandbox) throws IOException {
        Cgroups cgroups = Cgroups.open(name());
        Optional<WaitingSandbox> made = used.get(sandbox.id()).waiting();
        Cgroup cgroup = made.isPresent() ? cgroups.made(made.get().name()) : cgroups.of(sandbox.id());
        return cgroup.processes();
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
        for (String runtime : sandboxes.runtimes()) {
            Path states = runtimeDirectory.runtimeStates().resolve(runtime);
            add(traces, states);
            // Newer ones of crun keep compiled seccomp filters there, for all containers that come.
            traces.remove(states.resolve(".cache").toString());
        }
        if (Files.isDirectory(runtimeDirectory.path())) {
            add(traces, runtimeDirectory.path());
            traces.removeIf(trace -> Set.of("bin", "namespaces", "runtime", "nursery")
                    .contains(trace.substring(trace.lastIndexOf('/') + 1)));
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
                .filter(process -> !others.contains(process) && !isNursery(process))
                .forEach(process -> traces.add("process " + process.pid() + " " + process.info()));
        return traces;
    }

    /** What stays of it: who waits for the end of a sandbox does not wait for the removal of the last of it. */
    List<String> lastingTraces() throws IOException, InterruptedException {
        List<String> traces = traces();
        for (int i = 0; i < 200 && !traces.isEmpty(); i++) {
            Thread.sleep(50);
            traces = traces();
        }
        return traces;
    }

    /** What makes sandboxes, which lives as long as its server. */
    private static boolean isNursery(ProcessHandle process) {
        return process.info().command().orElse("").contains("/contree-nursery")
                && process.parent().equals(Optional.of(ProcessHandle.current()));
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
        used.values().forEach(Reservation::close);
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
