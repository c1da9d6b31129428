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

/** Sandboxes as containers of a runtime: our own, or one that speaks the OCI command line. */
public final class OciSandboxes implements Sandboxes {
    private static final Logger log = LoggerFactory.getLogger(OciSandboxes.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(10);

    private final SandboxConfig config;
    private final RuntimeDirectory directory;
    private final ContainerRuntime runtime;
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
            ContainerRuntime runtime,
            Cgroups cgroups,
            CpuSets cores,
            Optional<IdRanges> ids,
            Networks networks,
            Duration startPatience) {
        this.config = config;
        this.directory = directory;
        this.runtime = runtime;
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
     * @throws SandboxException if the runtime or the machine's cgroups cannot be used; the message says what to do
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
        ContainerRuntime runtime = null;
        try {
            Path init = SandboxProgram.INIT.install(directory.programs());
            runtime = new Surroundings(directory, cgroups, init, ids).runtime(config);
            Networks networks = Networks.open(place(directory, config, ids, runtime), config.egress(), runtime);
            CpuSets cores = new CpuSets(cgroups.cores());
            return new OciSandboxes(config, directory, runtime, cgroups, cores, ids, networks, startPatience);
        } catch (IOException | RuntimeException | InterruptedException e) {
            if (runtime != null) {
                runtime.close();
            }
            directory.remove();
            throw e;
        }
    }

    private static Egress.Place place(
            RuntimeDirectory directory, SandboxConfig config, Optional<IdRanges> ids, ContainerRuntime runtime) {
        return new Egress.Place(
                directory.name(),
                directory.namespaces(),
                config.state().resolve("network"),
                ids,
                runtime.entry().orElse(NetworkEntry.BY_PATH));
    }

    @Override
    public Reservation reserve(NetworkPolicy network) {
        if (closed) {
            throw new SandboxException(Kind.CLOSED, "the server's sandboxes are closed");
        }
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
    public Optional<String> noNetwork() {
        return networks.refusal();
    }

    @Override
    public String isolation() {
        String users = config.mapping()
                .map(ids -> "user namespaces from " + ids.hostStart())
                .orElse("no user namespace");
        return String.join(", ", runtime.description(), users, cgroups.version(), "seccomp");
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
        runtime.close();
        ids.ifPresent(IdRanges::close);
        try {
            cgroups.removeAll();
            directory.remove();
        } catch (IOException e) {
            log.error("Could not remove the sandboxes' directory {}", directory.path(), e);
        }
    }

    private Container launch(SandboxSpec spec) throws IOException {
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
