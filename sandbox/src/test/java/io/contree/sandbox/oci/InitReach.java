package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The attack of what runs in a sandbox on its init, by {@code reach.c}, and what must be true after it. */
final class InitReach {
    private InitReach() {}

    /** As root and as another user: nothing gets through, init is as before, and the run ends with the command's own exit code. */
    static void attack(Machine machine) throws Exception {
        attack(machine, "reach", 50, InitReach::stateOfInit);
    }

    /** The same by calls on PID 1, where init is no process of the host. */
    static void attackByCalls(Machine machine) throws Exception {
        attack(machine, "reach calls", 30, (any, sandbox) -> Map.of());
    }

    private static void attack(Machine machine, String command, int attempts, State state) throws Exception {
        Path program = Probe.lowerWith("reach", Files.createTempDirectory(machine.directory(), "reach"));
        for (int uid : List.of(0, 1000)) {
            Path root = machine.root(program);
            try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
                Map<String, String> before = state.of(machine, sandbox);
                Recorder main = new Recorder();
                sandbox.spawn(
                        Run.as(uid, Run.withStdin(Run.shell(command + "; code=$?; read line; exit $code"))), main);
                main.awaitOutput("own_end");

                assertThat(Probe.results(main.stdout()))
                        .hasSizeGreaterThan(attempts)
                        .allSatisfy((name, errno) ->
                                assertThat(errno == 0).as(name + " " + errno).isEqualTo(name.startsWith("own")));
                assertThat(state.of(machine, sandbox)).isEqualTo(before);
                Recorder other = new Recorder();
                sandbox.spawn(Run.shell("echo alive; exit 5"), other);
                assertThat(other.exit().code()).isEqualTo(5);
                assertThat(other.stdout()).isEqualTo("alive\n");

                sandbox.process(1).orElseThrow().closeStdin();
                assertThat(main.exit().code()).isEqualTo(7);
                assertThat(sandbox.failure()).isEmpty();
            }
        }
    }

    private interface State {
        Map<String, String> of(Machine machine, Sandbox sandbox) throws IOException;
    }

    // What the attack would change, as the host sees it.
    private static Map<String, String> stateOfInit(Machine machine, Sandbox sandbox) throws IOException {
        Map<String, String> state = new TreeMap<>();
        for (ProcessHandle process : machine.processes(sandbox)) {
            Path proc = Path.of("/proc/" + process.pid());
            String pids = line(proc.resolve("status"), "NSpid:");
            if (pids.endsWith("\t1")) {
                state.put("limits", Files.readString(proc.resolve("limits")));
                state.put("score", Files.readString(proc.resolve("oom_score_adj")));
                state.put("affinity", line(proc.resolve("status"), "Cpus_allowed:"));
                state.put("nice", Files.readString(proc.resolve("stat")).split(" ")[18]);
                state.put("policy", Files.readString(proc.resolve("stat")).split(" ")[40]);
                state.put(
                        "capabilities",
                        line(proc.resolve("status"), "CapPrm:") + line(proc.resolve("status"), "CapBnd:"));
            }
        }
        assertThat(state).containsKeys("limits", "score");
        assertThat(state.get("capabilities")).isEqualTo("CapPrm:\t00000000a80425fbCapBnd:\t00000000a80425fb");
        return state;
    }

    private static String line(Path file, String start) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElse("");
    }
}
