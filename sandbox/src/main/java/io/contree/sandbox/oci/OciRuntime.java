package io.contree.sandbox.oci;

import io.contree.linux.IdRanges;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.cgroup.Cgroup;
import io.contree.sandbox.egress.NetworkEntry;
import io.contree.sandbox.init.InitOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A program that speaks the command line of OCI runtimes: {@code run}, {@code delete --force}. */
class OciRuntime implements ContainerRuntime {
    private static final Logger log = LoggerFactory.getLogger(OciRuntime.class);
    private static final int PATIENCE_SECONDS = 10;

    private final String name;
    private final Path program;
    private final String description;
    private final Surroundings surroundings;
    private final OciConfig documents;

    OciRuntime(String name, Path program, String description, Surroundings surroundings) throws IOException {
        this.name = name;
        this.program = program;
        this.description = description;
        this.surroundings = surroundings;
        this.documents = new OciConfig(
                new OciProcess(OciConfig.openFilesLimit()), new OciMounts(surroundings.init()), surroundings.cgroups());
    }

    /**
     * Finds a runtime, asks for its version, and prepares what it needs.
     *
     * @throws SandboxException if it is not there, cannot run or lacks what sandboxes need
     */
    static OciRuntime open(String runtime, Surroundings surroundings) throws IOException, InterruptedException {
        OciRuntime opened = find(runtime, surroundings);
        Files.createDirectory(opened.stateDirectory());
        opened.prepare();
        return opened;
    }

    private static OciRuntime find(String runtime, Surroundings surroundings) throws IOException, InterruptedException {
        Path program = locate(runtime).orElseThrow(() -> unusable(runtime, "no such program in PATH"));
        String name = SandboxConfig.runtimeName(runtime);
        String version = ask(program, "--version");
        String firstLine = version.lines().findFirst().orElse("").replace(" version", "");
        if (version.startsWith("crun")) {
            if (!version.contains("+SECCOMP")) {
                throw unusable(runtime, "it was built without seccomp");
            }
            return new Crun(name, program, firstLine, surroundings);
        }
        if (version.startsWith("runsc")) {
            return new Runsc(name, program, firstLine, surroundings);
        }
        if (firstLine.isEmpty()) {
            throw unusable(runtime, "it does not answer --version");
        }
        return new OciRuntime(name, program, firstLine, surroundings);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String description() {
        return description;
    }

    /** Prepares what it needs in the runtime directory. */
    void prepare() throws IOException, InterruptedException {}

    @Override
    public final Optional<NetworkEntry> entry() {
        return joinsNamespaces() ? Optional.of(NetworkEntry.BY_PATH) : Optional.empty();
    }

    @Override
    public final Reservation reserve() throws IOException {
        return Reservation.withoutNetwork(name, IdRanges.take(surroundings.ids()));
    }

    @Override
    public final Cgroup cgroup(SandboxSpec spec) {
        return surroundings.cgroups().of(spec.id());
    }

    @Override
    public final RuntimeProcess start(SandboxSpec spec, Bundle bundle, Cgroup cgroup) throws IOException {
        documents.write(spec, bundle, cgroup, this);
        return OciRun.start(this, spec.id(), bundle);
    }

    /** Annotations that this runtime understands. */
    ObjectNode annotations() {
        return JsonMapper.shared().createObjectNode();
    }

    /** Mounts that a container of this runtime needs besides those that all have. */
    List<ObjectNode> mounts(Bundle bundle) throws IOException {
        return List.of();
    }

    /** Whether its containers can join namespaces that exist already. */
    boolean joinsNamespaces() {
        return true;
    }

    /** Starts a container; its standard input is the returned process's. */
    Process run(String id, Bundle bundle, InitOutput output) throws IOException {
        List<String> command = command("run");
        command.addAll(List.of("--bundle", bundle.directory().toString(), id));
        return builder(command)
                .redirectOutput(output.target())
                .redirectError(bundle.errors().toFile())
                .directory(bundle.directory().toFile())
                .start();
    }

    /** What a runtime that failed or was killed has left. */
    @Override
    public final void forget(String id) {
        if (remembers(id)) {
            delete(id);
        }
    }

    private void delete(String id) {
        List<String> command = command("delete");
        command.addAll(List.of("--force", id));
        try {
            Process process = builder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                log.warn("{} delete --force {} took too long and was killed", program, id);
            }
        } catch (IOException e) {
            log.warn("Could not remove what {} left of sandbox {}", program, id, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** True if the runtime still keeps state of a container. */
    boolean remembers(String id) {
        return Files.exists(stateDirectory().resolve(id));
    }

    /** Its own: two programs, or two versions of one, need not understand what the other one keeps. */
    Path stateDirectory() {
        return surroundings.directory().runtimeStates().resolve(name);
    }

    Path program() {
        return program;
    }

    /** Options between the program and its verb. */
    List<String> options() {
        return List.of();
    }

    private List<String> command(String verb) {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of("--root", stateDirectory().toString()));
        command.addAll(options());
        command.add(verb);
        return command;
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return builder;
    }

    private static Optional<Path> locate(String name) throws IOException {
        if (name.contains("/")) {
            Path path = Path.of(name);
            return Files.isExecutable(path) ? Optional.of(path.toRealPath()) : Optional.empty();
        }
        for (String directory :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
            Path path = Path.of(directory.isEmpty() ? "." : directory, name);
            if (Files.isExecutable(path) && Files.isRegularFile(path)) {
                return Optional.of(path.toRealPath());
            }
        }
        return Optional.empty();
    }

    /** What a program prints when called with one argument. */
    static String ask(Path program, String argument) throws IOException, InterruptedException {
        Process process = builder(List.of(program.toString(), argument))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static SandboxException unusable(String name, String why) {
        return new SandboxException(
                SandboxException.Kind.START,
                "the OCI runtime " + name + " cannot be used: " + why + "; install crun or name another");
    }
}
