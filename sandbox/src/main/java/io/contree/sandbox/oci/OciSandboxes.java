package io.contree.sandbox.oci;

import io.contree.init.SandboxProgram;
import io.contree.linux.IdRanges;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxException.Kind;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import io.contree.sandbox.cgroup.Cgroup;
import io.contree.sandbox.cgroup.Cgroups;
import io.contree.sandbox.cgroup.CpuSets;
import io.contree.sandbox.egress.Egress;
import io.contree.sandbox.egress.NetworkEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sandboxes as containers of runtimes: our own, or those that speak the OCI command line. They share the ranges of ids, the
 * network and the cores, and a name is used once among all of them, so that no two sandboxes have anything in common.
 */
public final class OciSandboxes implements Sandboxes {
    private static final Logger log = LoggerFactory.getLogger(OciSandboxes.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(10);

    private final SandboxConfig config;
    private final RuntimeDirectory directory;
    private final Map<String, ContainerRuntime> runtimes;
    private final Cgroups cgroups;
    private final CpuSets cores;
    private final Optional<IdRanges> ids;
    private final Networks networks;
    private final Duration startPatience;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Map<String, Container> containers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private OciSandboxes(
            SandboxConfig config,
            RuntimeDirectory directory,
            Map<String, ContainerRuntime> runtimes,
            Cgroups cgroups,
            CpuSets cores,
            Optional<IdRanges> ids,
            Networks networks,
            Duration startPatience) {
        this.config = config;
        this.directory = directory;
        this.runtimes = runtimes;
        this.cgroups = cgroups;
        this.cores = cores;
        this.ids = ids;
        this.networks = networks;
        this.startPatience = startPatience;
    }

    /**
     * Gets ready to start sandboxes. What a killed predecessor with the same state directory left behind (processes, cgroups,
     * mounts) is killed and removed first. Needs root; on a machine with hybrid cgroups it also needs a mount namespace
     * without {@code /sys/fs/cgroup/unified}.
     *
     * @throws SandboxException if a runtime or the machine's cgroups cannot be used; the message says what to do
     * @throws IOException if the runtime directory in {@code /run} cannot be made
     */
    public static OciSandboxes open(SandboxConfig config) throws IOException, InterruptedException {
        return open(config, START_PATIENCE);
    }

    static OciSandboxes open(SandboxConfig config, Duration startPatience) throws IOException, InterruptedException {
        RuntimeDirectory directory = RuntimeDirectory.of(config);
        Cgroups cgroups = Cgroups.open(directory.name());
        new Leftovers(directory, cgroups).remove();
        directory.mount();
        Optional<IdRanges> ids = config.mapping().map(IdRanges::new);
        Map<String, ContainerRuntime> runtimes = Map.of();
        try {
            Path init = SandboxProgram.INIT.install(directory.programs());
            runtimes = new Surroundings(directory, cgroups, init, ids).runtimes(config);
            Networks networks =
                    Networks.open(place(directory, config, ids, runtimes), config.egress(), runtimes.values());
            CpuSets cores = new CpuSets(cgroups.cores());
            return new OciSandboxes(config, directory, runtimes, cgroups, cores, ids, networks, startPatience);
        } catch (IOException | RuntimeException | InterruptedException e) {
            runtimes.values().forEach(ContainerRuntime::close);
            directory.remove();
            throw e;
        }
    }

    private static Egress.Place place(
            RuntimeDirectory directory,
            SandboxConfig config,
            Optional<IdRanges> ids,
            Map<String, ContainerRuntime> runtimes) {
        return new Egress.Place(
                directory.name(),
                directory.namespaces(),
                config.state().resolve("network"),
                ids,
                runtimes.values().iterator().next().entry().orElse(NetworkEntry.BY_CABLE));
    }

    @Override
    public List<String> runtimes() {
        return List.copyOf(runtimes.keySet());
    }

    private ContainerRuntime runtime(String name) {
        ContainerRuntime runtime = runtimes.get(name);
        if (runtime == null) {
            throw new IllegalArgumentException("no runtime of the name " + name + " among " + runtimes.keySet());
        }
        return runtime;
    }

    @Override
    public Reservation reserve(String runtimeName, NetworkPolicy network) {
        if (closed) {
            throw new SandboxException(Kind.CLOSED, "the server's sandboxes are closed");
        }
        ContainerRuntime runtime = runtime(runtimeName);
        try {
            return switch (network) {
                case NetworkPolicy.None _ -> runtime.reserve();
                case NetworkPolicy.Internet _ -> networks.reserve(runtime);
            };
        } catch (IOException e) {
            throw new SandboxException(Kind.START, "tried to prepare for a sandbox, but " + e.getMessage(), e);
        }
    }

    @Override
    public Sandbox start(SandboxSpec spec) throws InterruptedException {
        if (!names.add(spec.id())) {
            throw new SandboxException(Kind.START, "a sandbox of the name " + spec.id() + " is running already");
        }
        Container container;
        try {
            container = launch(spec);
        } catch (IOException e) {
            names.remove(spec.id());
            spec.reservation().close();
            throw new SandboxException(
                    Kind.START, "tried to prepare sandbox " + spec.id() + ", but " + e.getMessage(), e);
        } catch (RuntimeException e) {
            names.remove(spec.id());
            spec.reservation().close();
            throw e;
        }
        containers.put(spec.id(), container);
        container.awaitReady(startPatience);
        if (closed) {
            container.close();
            throw new SandboxException(Kind.CLOSED, "the server's sandboxes are closed");
        }
        return container;
    }

    @Override
    public Optional<String> noNetwork(String runtime) {
        return networks.refusal(runtime(runtime));
    }

    @Override
    public String isolation(String runtime) {
        String users = config.mapping()
                .map(ids -> "user namespaces from " + ids.hostStart())
                .orElse("no user namespace");
        return String.join(", ", runtime(runtime).description(), users, cgroups.version(), "seccomp");
    }

    @Override
    public void close() {
        closed = true;
        List<Container> running = List.copyOf(containers.values());
        running.forEach(Container::kill);
        running.forEach(Container::remove);
        try {
            networks.close();
        } catch (IOException e) {
            log.error("Could not remove the sandboxes' network", e);
        }
        runtimes.values().forEach(ContainerRuntime::close);
        ids.ifPresent(IdRanges::close);
        try {
            cgroups.removeAll();
            directory.remove();
        } catch (IOException e) {
            log.error("Could not remove the sandboxes' directory {}", directory.path(), e);
        }
    }

    private Container launch(SandboxSpec spec) throws IOException {
        ContainerRuntime runtime = runtime(spec.reservation().runtime());
        Bundle bundle = Bundle.create(directory, spec, cores.take(spec.limits().cpus()));
        try {
            Cgroup cgroup = runtime.cgroup(spec);
            RuntimeProcess process = runtime.start(spec, bundle, cgroup);
            return new Container(spec, runtime, bundle, cgroup, process, () -> forget(spec.id()));
        } catch (IOException | RuntimeException e) {
            bundle.close();
            throw e;
        }
    }

    private void forget(String id) {
        containers.remove(id);
        names.remove(id);
    }
}
