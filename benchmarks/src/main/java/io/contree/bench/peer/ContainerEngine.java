package io.contree.bench.peer;

import io.contree.bench.machine.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Podman or docker, which keep images: a state is kept by {@code run}, {@code commit} and {@code rm}. */
public final class ContainerEngine implements Peer {
    private final String name;
    private final List<String> program;
    private final List<String> runOptions;
    private final AutoCloseable daemon;
    private final AtomicInteger containers = new AtomicInteger();

    private ContainerEngine(String name, List<String> program, List<String> runOptions, AutoCloseable daemon) {
        this.name = name;
        this.program = program;
        this.runOptions = runOptions;
        this.daemon = daemon;
    }

    /** @param home a directory for all that it keeps */
    public static ContainerEngine podman(Path home) {
        List<String> program = List.of(
                "podman",
                "--root",
                home.resolve("root").toString(),
                "--runroot",
                home.resolve("run").toString());
        return new ContainerEngine(
                "podman",
                program,
                // Its own limits are higher than what root may set where CAP_SYS_RESOURCE is missing.
                List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"),
                () -> Programs.run(with(program, List.of("system", "reset", "--force"))));
    }

    /** The client of a daemon, which is ended with it. */
    public static ContainerEngine docker(DockerDaemon daemon) {
        return new ContainerEngine("docker", List.of("docker", "--host", daemon.address()), List.of(), daemon);
    }

    @Override
    public String name() {
        return name;
    }

    /** The command line of a call. */
    public List<String> call(String... arguments) {
        return with(program, List.of(arguments));
    }

    private List<String> run(List<String> options, String image, String shell) {
        List<String> command = new ArrayList<>(call("run", "--network", "none"));
        command.addAll(runOptions);
        command.addAll(options);
        command.addAll(List.of(image, "/bin/sh", "-c", shell));
        return command;
    }

    private static List<String> with(List<String> program, List<String> arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(arguments);
        return command;
    }

    @Override
    public String image(Path root) throws IOException, InterruptedException {
        String image = "localhost/bench" + containers.incrementAndGet();
        String load = "tar -C \"$1\" -c . | \"${@:3}\" import - \"$2\"";
        Programs.run(with(List.of("bash", "-c", load, "bash", root.toString(), image), program));
        return image;
    }

    @Override
    public List<String> command(String image, String shell) {
        return run(List.of("--rm"), image, shell);
    }

    @Override
    public List<String> reading(String image, String shell) {
        return run(List.of("--rm", "--interactive"), image, shell);
    }

    /** Runs a shell command, keeps the state that it leaves, and returns what that is called by. */
    public String commit(String image, String shell) throws IOException, InterruptedException {
        String container = "bench" + containers.incrementAndGet();
        String state = "localhost/" + container;
        Programs.run(run(List.of("--name", container), image, shell));
        Programs.run(call("commit", container, state));
        Programs.run(call("rm", container));
        return state;
    }

    @Override
    public void close() throws IOException {
        try {
            daemon.close();
        } catch (IOException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IOException("ending " + name + ": " + e.getMessage(), e);
        }
    }
}
