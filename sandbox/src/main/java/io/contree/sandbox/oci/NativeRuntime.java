package io.contree.sandbox.oci;

import io.contree.init.SandboxProgram;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.IdRanges;
import io.contree.linux.Mounts;
import io.contree.linux.Mounts.Without;
import io.contree.linux.Uninterruptibly;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxException.Kind;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.cgroup.Cgroup;
import io.contree.sandbox.cgroup.Cgroups;
import io.contree.sandbox.cgroup.MadeCgroup;
import io.contree.sandbox.egress.NetworkEntry;
import io.contree.sandbox.init.InitInput;
import io.contree.sandbox.init.InitOutput;
import io.contree.sandbox.nursery.Cable;
import io.contree.sandbox.nursery.Nursery;
import io.contree.sandbox.nursery.NurserySettings;
import io.contree.sandbox.nursery.ReadySandboxes;
import io.contree.sandbox.nursery.Task;
import io.contree.sandbox.nursery.WaitingSandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our own runtime: sandboxes that were made ahead by a {@link Nursery} become what a run needs. Needs user namespaces. */
final class NativeRuntime implements ContainerRuntime {
    private static final Logger log = LoggerFactory.getLogger(NativeRuntime.class);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private final Surroundings surroundings;
    private final NurserySettings settings;
    private final ReadySandboxes ready;
    private final AtomicInteger made = new AtomicInteger();
    private @Nullable Nursery nursery;

    private NativeRuntime(Surroundings surroundings, NurserySettings settings, int target) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.ready = new ReadySandboxes(this::make, target);
    }

    /**
     * Opens it.
     *
     * @param target how many sandboxes are to wait
     * @throws SandboxException if it cannot be used on this machine or with these settings
     */
    static NativeRuntime open(Surroundings surroundings, int target) {
        try {
            if (surroundings.ids().isEmpty()) {
                throw new IOException("it needs user namespaces; let runs have them (userns), or set runtime to crun");
            }
            NativeRuntime runtime = new NativeRuntime(surroundings, settings(surroundings.cgroups()), target);
            runtime.rehearse();
            runtime.ready.start();
            return runtime;
        } catch (IOException e) {
            throw new SandboxException(Kind.START, "the native runtime cannot be used: " + e.getMessage(), e);
        }
    }

    /** Makes a sandbox and ends it: what this machine does not allow is known before there are runs. */
    private void rehearse() throws IOException {
        try {
            WaitingSandbox sandbox = make();
            sandbox.close();
            sandbox.ids().close();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static NurserySettings settings(Cgroups cgroups) throws IOException {
        long files = OciConfig.openFilesLimit();
        List<String> readOnly = new ArrayList<>(ProtectedPaths.READ_ONLY);
        cgroups.hierarchies().forEach(hierarchy -> readOnly.add(hierarchy.toString()));
        return new NurserySettings(
                SeccompProfile.compiled(System.getProperty("os.arch")),
                ProtectedPaths.MASKED,
                readOnly,
                KernelSettings.ofNetwork(),
                cgroups.mounts(),
                new NurserySettings.OpenFiles(
                        Math.min(files, OciProcess.USUAL_OPEN_FILES), Math.min(files, OciProcess.MAX_OPEN_FILES)));
    }

    @Override
    public String name() {
        return SandboxConfig.NATIVE;
    }

    @Override
    public String description() {
        return name();
    }

    /** One that lives: if it was killed, the sandboxes of that time are lost, and the next ones have another. */
    private synchronized Nursery nursery() throws IOException {
        if (nursery == null || !nursery.isAlive()) {
            if (nursery != null) {
                log.error("The nursery of sandboxes has ended, and all runs with it; starting another");
                nursery.close();
            }
            RuntimeDirectory directory = surroundings.directory();
            Path program = SandboxProgram.NURSERY.install(directory.programs());
            nursery = Nursery.start(directory.nursery(program, surroundings.init()), settings);
        }
        return nursery;
    }

    private WaitingSandbox make() throws IOException {
        IdRanges.Range range = surroundings.ids().orElseThrow().take();
        // No id of a sandbox has a dot, so no cgroup of another runtime can have this name.
        String name = "sandbox." + made.incrementAndGet();
        MadeCgroup cgroup = surroundings.cgroups().made(name);
        List<Fd> entrances = List.of();
        try {
            cgroup.make();
            entrances = cgroup.entrances();
            return nursery().make(name, range, entrances, () -> remove(cgroup));
        } catch (IOException | RuntimeException e) {
            remove(cgroup);
            range.close();
            throw e;
        } finally {
            entrances.forEach(Fd::close);
        }
    }

    private static void remove(Cgroup cgroup) {
        try {
            cgroup.remove();
        } catch (IOException e) {
            log.error("Could not remove a cgroup", e);
        }
    }

    @Override
    public Optional<NetworkEntry> entry() {
        return Optional.of(NetworkEntry.BY_CABLE);
    }

    @Override
    public Reservation reserve() throws IOException {
        return Reservation.of(name(), ready.take());
    }

    @Override
    public Cgroup cgroup(SandboxSpec spec) {
        return surroundings.cgroups().made(waiting(spec).name());
    }

    private static WaitingSandbox waiting(SandboxSpec spec) {
        return spec.reservation()
                .waiting()
                .orElseThrow(() ->
                        new IllegalArgumentException("the reservation of " + spec.id() + " is not of this runtime"));
    }

    @Override
    public RuntimeProcess start(SandboxSpec spec, Bundle bundle, Cgroup cgroup) throws IOException {
        WaitingSandbox waiting = waiting(spec);
        surroundings.cgroups().made(waiting.name()).limit(spec.limits(), bundle.cores());
        Optional<Cable> cable = connect(spec, waiting);
        InitOutput output = InitOutput.create(bundle.output());
        List<Fd> files = new ArrayList<>();
        try {
            InitInput input = InitInput.create(bundle.input());
            files.add(input.source());
            Fd root = keep(files, Mounts.detached(bundle.root(), Without.DEVICES));
            Fd out = keep(files, FileCalls.open(bundle.output(), FileCalls.WRITE));
            Fd err = keep(
                    files,
                    FileCalls.open(Fd.CWD, bundle.errors().toString(), FileCalls.WRITE | FileCalls.CREATE, 0600, 0));
            List<Task.Cover> covers = covers(bundle, files);
            waiting.become(
                    new Task(spec.hostname(), spec.limits().shmBytes(), root, input.source(), out, err, covers, cable));
            return new NativeProcess(waiting, output, output.listen(), input.sink());
        } catch (IOException | RuntimeException e) {
            waiting.kill();
            output.close();
            throw e;
        } finally {
            files.forEach(Fd::close);
        }
    }

    private static Optional<Cable> connect(SandboxSpec spec, WaitingSandbox waiting) throws IOException {
        if (spec.reservation().slot().isEmpty()) {
            return Optional.empty();
        }
        var slot = spec.reservation().slot().get();
        Cable cable = slot.cable().orElseThrow();
        slot.hold(waiting.connect(cable));
        return Optional.of(cable);
    }

    private static List<Task.Cover> covers(Bundle bundle, List<Fd> files) throws IOException {
        List<Task.Cover> covers = new ArrayList<>();
        for (EtcFile file : EtcFile.values()) {
            if (file.isRegularIn(bundle.root())) {
                Fd mount = keep(files, Mounts.detached(bundle.etc(file), Without.EFFECT));
                covers.add(new Task.Cover("etc/" + file.fileName(), mount));
            }
        }
        if (bundle.cores().isPresent()) {
            Fd online = keep(files, Mounts.detached(bundle.coresOnline(), Without.CHANGE));
            covers.add(new Task.Cover("sys/devices/system/cpu/online", online));
            Fd info = keep(files, Mounts.detached(bundle.cpuInfo(), Without.CHANGE));
            covers.add(new Task.Cover("proc/cpuinfo", info));
        }
        return covers;
    }

    private static Fd keep(List<Fd> files, Fd file) {
        files.add(file);
        return file;
    }

    @Override
    public void close() {
        ready.close();
        synchronized (this) {
            if (nursery != null) {
                nursery.close();
            }
        }
    }

    /** What a sandbox has become. */
    private record NativeProcess(WaitingSandbox sandbox, InitOutput output, InputStream fromInit, OutputStream toInit)
            implements RuntimeProcess {
        @Override
        public void destroy() {
            sandbox.kill();
        }

        @Override
        public int awaitExit(Runnable impatient) {
            return Uninterruptibly.get(() -> {
                OptionalInt code = sandbox.awaitExit(END_PATIENCE);
                while (code.isEmpty()) {
                    impatient.run();
                    code = sandbox.awaitExit(END_PATIENCE);
                }
                return code.getAsInt();
            });
        }

        @Override
        public void close() {
            try {
                output.close();
            } catch (IOException e) {
                log.warn("Could not close the output of an init", e);
            }
        }
    }
}
