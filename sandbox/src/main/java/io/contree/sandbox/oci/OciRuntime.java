package io.contree.sandbox.oci;

import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxException;
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
class OciRuntime {
    private static final Logger log = LoggerFactory.getLogger(OciRuntime.class);
    private static final int PATIENCE_SECONDS = 10;

    private final Path program;
    private final String description;
    private final RuntimeDirectory directory;

    OciRuntime(Path program, String description, RuntimeDirectory directory) {
        this.program = program;
        this.description = description;
        this.directory = directory;
    }

    /**
     * Finds the runtime and asks for its version.
     *
     * @throws SandboxException if it is not there, cannot run or lacks what sandboxes need
     */
    static OciRuntime find(SandboxConfig config, RuntimeDirectory directory) throws IOException, InterruptedException {
        Path program = locate(config.runtime()).orElseThrow(() -> unusable(config, "no such program in PATH"));
        String version = ask(program, "--version");
        String firstLine = version.lines().findFirst().orElse("").replace(" version", "");
        if (version.startsWith("crun")) {
            if (!version.contains("+SECCOMP")) {
                throw unusable(config, "it was built without seccomp");
            }
            return new Crun(program, firstLine, directory);
        }
        if (version.startsWith("runsc")) {
            return new Runsc(program, firstLine, directory);
        }
        if (firstLine.isEmpty()) {
            throw unusable(config, "it does not answer --version");
        }
        return new OciRuntime(program, firstLine, directory);
    }

    /** Name and version, for people. */
    String description() {
        return description;
    }

    /** Prepares what it needs in the runtime directory, which has just been mounted. */
    void prepare() throws IOException, InterruptedException {}

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

    /** Called once a container runs. */
    void started(String id) {}

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

    /** Removes what a runtime that failed or was killed has left of a container, if anything. */
    void delete(String id) {
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

    /** The path that marks this server's calls of the runtime among the machine's processes. */
    Path stateDirectory() {
        return directory.runtimeState();
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

    private static SandboxException unusable(SandboxConfig config, String why) {
        return new SandboxException(
                SandboxException.Kind.START,
                "the OCI runtime " + config.runtime() + " cannot be used: " + why + "; install crun or name another");
    }
}
