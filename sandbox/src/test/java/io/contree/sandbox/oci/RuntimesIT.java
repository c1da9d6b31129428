package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.IdMapping;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxException;
import io.contree.testkit.Requirements;
import io.contree.testkit.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several runtimes of one server: each sandbox has the one that it was reserved with, and nothing in common with another. */
class RuntimesIT {
    private static final String NATIVE = SandboxConfig.NATIVE;
    private static final int AT_ONCE = 8;
    private static final int ROUNDS = 3;

    private static Machine machine;

    @BeforeAll
    static void open() throws Exception {
        Requirements.program("nft", "nftables");
        Requirements.program("runsc", "runsc");
        machine = Machine.withRuntimes(NATIVE, "crun", "runsc");
    }

    @AfterAll
    static void close() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    private static Sandbox start(Reservation reservation) throws IOException, InterruptedException {
        return machine.sandboxes().start(machine.spec(machine.root(reservation), Machine.LIMITS));
    }

    private static String run(String runtime, String script) throws IOException, InterruptedException {
        try (Sandbox sandbox = start(machine.sandboxes().reserve(runtime, new NetworkPolicy.None()))) {
            return Run.main(sandbox, Run.shell(script)).stdout();
        }
    }

    @Test
    void eachRunsTheSameCommand() throws Exception {
        assertThat(machine.sandboxes().runtimes()).containsExactly(NATIVE, "crun", "runsc");
        assertThat(machine.sandboxes().usual()).isEqualTo(NATIVE);
        for (String runtime : machine.sandboxes().runtimes()) {
            assertThat(run(runtime, "id -u; hostname")).as(runtime).isEqualTo("0\nbox\n");
            assertThat(machine.sandboxes().isolation(runtime)).startsWith(runtime);
            assertThat(run(runtime, "dmesg 2>/dev/null").contains("gVisor"))
                    .as(runtime)
                    .isEqualTo(runtime.equals("runsc"));
        }
        assertThat(machine.lastingTraces()).isEmpty();
    }

    @Test
    void aNetworkIsSharedByThoseThatCanHaveOne() throws Exception {
        assertThat(machine.sandboxes().noNetwork(NATIVE)).isEmpty();
        assertThat(machine.sandboxes().noNetwork("crun")).isEmpty();
        assertThat(machine.sandboxes().noNetwork("runsc").orElseThrow()).contains("runsc");
        assertThatThrownBy(() -> machine.sandboxes().reserve("runsc", new NetworkPolicy.Internet()))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("runsc");
        assertThatThrownBy(() -> machine.sandboxes().reserve("runc", new NetworkPolicy.None()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("runc");
    }

    /** No network of crun's kind waits for a run while another runtime is the usual one. */
    @Test
    void aFurtherRuntimeCostsNothingWhileNobodyUsesIt() throws Exception {
        try (Reservation _ = machine.sandboxes().reserve("crun", new NetworkPolicy.Internet())) {
            assertThat(namespaces()).hasSize(1);
        }
        for (int i = 0; i < 200 && !namespaces().isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertThat(namespaces()).isEmpty();
    }

    private static List<Path> namespaces() throws IOException {
        try (var files = Files.list(Path.of("/run", machine.name(), "namespaces"))) {
            return files.toList();
        }
    }

    /** What a sandbox had for itself, as it saw it and as it was kept for it. */
    private record Own(int firstId, String address, String cgroup) {}

    @Test
    void sideBySideNoTwoHaveAnIdAnAddressOrACgroupInCommon() throws Exception {
        CyclicBarrier all = new CyclicBarrier(AT_ONCE);
        List<Callable<List<Own>>> users = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            String runtime = i % 4 == 3 ? "runsc" : i % 2 == 0 ? NATIVE : "crun";
            users.add(() -> {
                List<Own> had = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    had.add(meanwhile(runtime, all));
                }
                return had;
            });
        }
        List<List<Own>> had = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<List<Own>> future : threads.invokeAll(users)) {
                had.add(future.get());
            }
        }
        for (int i = 0; i < ROUNDS; i++) {
            int round = i;
            List<Own> atOnce = had.stream().map(of -> of.get(round)).toList();
            Set<Integer> ids = new HashSet<>(atOnce.stream().map(Own::firstId).toList());
            Set<String> cgroups = new HashSet<>(atOnce.stream().map(Own::cgroup).toList());
            List<String> addresses = atOnce.stream()
                    .map(Own::address)
                    .filter(address -> !address.isEmpty())
                    .toList();
            assertThat(ids).as("first ids of %s", atOnce).hasSize(AT_ONCE);
            assertThat(cgroups).as("cgroups of %s", atOnce).hasSize(AT_ONCE);
            assertThat(addresses).hasSize(AT_ONCE * 3 / 4).doesNotHaveDuplicates();
        }
        assertThat(machine.lastingTraces()).isEmpty();
    }

    /** All of them run at the same moment; none ends before the last one has told. */
    private static Own meanwhile(String runtime, CyclicBarrier all) throws Exception {
        boolean networked = machine.sandboxes().noNetwork(runtime).isEmpty();
        Reservation reservation = machine.sandboxes()
                .reserve(runtime, networked ? new NetworkPolicy.Internet() : new NetworkPolicy.None());
        try (Sandbox sandbox = start(reservation)) {
            Recorder main = new Recorder();
            sandbox.spawn(Run.shell("ip -4 -o addr show eth0 2>/dev/null; echo up; sleep 1000"), main);
            main.awaitOutput("up");
            String kept = reservation.slot().map(slot -> slot.address()).orElse("");
            assertThat(main.stdout()).as(runtime).contains(kept);
            assertThat(sandbox.network().isPresent()).isEqualTo(networked);
            ProcessHandle process = machine.processes(sandbox).getFirst();
            Own own = new Own(
                    reservation.users().orElseThrow().mapping().hostStart(),
                    kept,
                    Files.readString(Path.of("/proc", "" + process.pid(), "cgroup")));
            all.await();
            return own;
        }
    }

    /** Whatever runtime its successor has. */
    @Test
    void theNextServerKillsWhatAStoppedRuntimeOfAKilledOneLeft(@TempDir Path directory) throws Exception {
        SandboxConfig config = config(directory, NATIVE);
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServer.class.getName(),
                        config.state().toString(),
                        machine.root().toString(),
                        "runsc")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> left = new ArrayList<>();
        try {
            assertThat(server.inputReader().readLine()).isEqualTo("up");
            server.descendants().forEach(left::add);
            assertThat(left).isNotEmpty();
            for (ProcessHandle process : left) {
                Signals.send(process.pid(), "STOP");
            }
        } finally {
            server.destroyForcibly().waitFor();
            OciSandboxes.open(config).close();
        }
        for (ProcessHandle process : left) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(RuntimeDirectory.of(config).path()).doesNotExist();
    }

    private static SandboxConfig config(Path directory, String runtime, String... further) {
        return new SandboxConfig(
                runtime,
                List.of(further),
                directory.resolve("state"),
                Optional.of(IdMapping.DEFAULT),
                Optional.empty(),
                0);
    }

    private static String program(Path directory, String name) throws IOException {
        Path program = Files.createDirectories(directory).resolve(name);
        Files.writeString(program, "#!/bin/sh\necho test 1.0\n");
        Files.setAttribute(program, "unix:mode", 0755);
        return program.toString();
    }

    @Test
    void aPathIsKnownByItsLastComponent(@TempDir Path directory) throws Exception {
        SandboxConfig config = config(directory, "auto", program(directory, "mine"), NATIVE, NATIVE);
        try (OciSandboxes sandboxes = OciSandboxes.open(config)) {
            assertThat(sandboxes.runtimes()).containsExactly(NATIVE, "mine");
            assertThat(sandboxes.isolation("mine")).startsWith("test 1.0");
        }
        assertThat(RuntimeDirectory.of(config).path()).doesNotExist();
    }

    @Test
    void whatCannotBeUsedIsToldAtTheStart(@TempDir Path directory) throws Exception {
        SandboxConfig missing = config(directory, NATIVE, "crun", "no-such-runtime");
        assertThatThrownBy(() -> OciSandboxes.open(missing))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("no-such-runtime");
        SandboxConfig twice = config(directory, "crun", program(directory, "crun"));
        assertThatThrownBy(() -> OciSandboxes.open(twice))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("same name, crun");
        assertThat(RuntimeDirectory.of(missing).path()).doesNotExist();
        assertThat(ProcessHandle.current()
                        .descendants()
                        .map(each -> each.info().command().orElse("")))
                .as("what is left beside the nursery of this class")
                .filteredOn(command -> command.contains("/contree-nursery"))
                .hasSize(1);
    }
}
