package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Mounts;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import io.contree.sandbox.cgroup.Cgroups;
import io.contree.testkit.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** A server that is killed: its sandboxes die with it, and the next server finds a clean machine. */
@EachRuntime
class LeftoversIT {
    @Parameter
    private String runtime;

    private Machine machine;
    private SandboxConfig config;
    private final List<Process> started = new ArrayList<>();
    private final List<ProcessHandle> stopped = new ArrayList<>();

    @BeforeEach
    void open() throws IOException, InterruptedException {
        machine = Machine.start(runtime);
        SandboxConfig own = machine.config(runtime);
        config = new SandboxConfig(
                runtime, List.of(), machine.directory().resolve("other"), own.mapping(), Optional.empty(), 0);
    }

    @AfterEach
    void close() throws Exception {
        // Whatever the test came to, no server outlives it, and no sandbox that waits to be continued.
        for (Process server : started) {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly().waitFor();
        }
        stopped.forEach(ProcessHandle::destroyForcibly);
        OciSandboxes.open(config).close();
        machine.close();
    }

    private Process server() throws IOException {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServer.class.getName(),
                        config.state().toString(),
                        machine.root().toString(),
                        runtime)
                .redirectError(machine.directory().resolve("server.txt").toFile())
                .start();
        started.add(server);
        var out = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        assertThat(out.readLine()).isEqualTo("up");
        return server;
    }

    private List<ProcessHandle> inSandbox() throws IOException {
        String server = RuntimeDirectory.of(config).name();
        Cgroups cgroups = Cgroups.open(server);
        return (runtime.equals(SandboxConfig.NATIVE) ? cgroups.made(onlySandbox(server)) : cgroups.of("orphan"))
                .processes();
    }

    private static String onlySandbox(String server) throws IOException {
        Path pids = Cgroups.MOUNT.resolve("pids");
        Path own = (Files.isDirectory(pids) ? pids : Cgroups.MOUNT).resolve(server);
        try (var sandboxes = Files.newDirectoryStream(own, "sandbox.*")) {
            return sandboxes.iterator().next().getFileName().toString();
        }
    }

    @Test
    void sandboxesEndWithTheirServer() throws Exception {
        Process server = server();
        List<ProcessHandle> processes = inSandbox();
        assertThat(processes).hasSizeGreaterThanOrEqualTo(3);
        server.destroyForcibly().waitFor();

        awaitExit(processes);
        nextServerFindsACleanMachine();
    }

    @Test
    void theNextServerKillsWhatHangs() throws Exception {
        Process server = server();
        List<ProcessHandle> processes = inSandbox();
        List<ProcessHandle> runtime = server.descendants()
                .filter(process -> process.info().command().orElse("").matches(".*/(crun|contree-nursery-[0-9a-f]+)"))
                .toList();
        assertThat(runtime).isNotEmpty();
        // Stopped, neither the runtime nor init can clear away.
        stop(runtime);
        stop(processes);
        server.destroyForcibly().waitFor();

        nextServerFindsACleanMachine();
        awaitExit(processes);
        awaitExit(runtime);
    }

    // Dead processes stay visible until PID 1 of this machine has reaped them.
    private static void awaitExit(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    private void stop(List<ProcessHandle> processes) throws IOException, InterruptedException {
        stopped.addAll(processes);
        for (ProcessHandle process : processes) {
            Signals.send(process.pid(), "STOP");
        }
    }

    private void nextServerFindsACleanMachine() throws Exception {
        Path directory = RuntimeDirectory.of(config).path();
        try (Sandboxes next = OciSandboxes.open(config)) {
            // Itself and, where there is one, the program of the OCI runtime.
            assertThat(Mounts.below(directory)).hasSize(runtime.equals(SandboxConfig.NATIVE) ? 1 : 2);
            Reservation reservation = next.reserve(new NetworkPolicy.None());
            Path root = machine.root(reservation);
            try (Sandbox sandbox = next.start(new SandboxSpec("orphan", root, "box", Machine.LIMITS, reservation))) {
                assertThat(Run.main(sandbox, Run.shell("echo fine")).stdout()).isEqualTo("fine\n");
            }
        }
        assertThat(directory).doesNotExist();
        try (var hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            assertThat(hierarchies).noneMatch(hierarchy -> Files.exists(hierarchy.resolve(directory.getFileName())));
        }
    }
}
