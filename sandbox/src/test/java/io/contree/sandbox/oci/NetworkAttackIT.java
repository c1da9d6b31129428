package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.IdMapping;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.egress.Cidr;
import io.contree.sandbox.egress.EgressConfig;
import io.contree.testkit.LittleInternet;
import io.contree.testkit.Program;
import io.contree.testkit.Requirements;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/**
 * What root of a sandbox can do with CAP_NET_RAW, which runs have: frames of any form, by {@code frames.c}. Each test ends with a
 * datagram that is allowed, which shows that the watcher watched.
 */
@EachRuntime
class NetworkAttackIT {
    @Parameter
    String runtime;

    private static final int CONNECTIONS = 40;

    private static LittleInternet internet;
    private static Machine machine;
    private static Path frames;

    @BeforeParameterizedClassInvocation
    static void open(String runtime, @TempDir Path directory) throws Exception {
        Requirements.program("nft", "nftables");
        frames = Probe.lowerWith("frames", directory);
        internet = LittleInternet.open(directory);
        EgressConfig config =
                new EgressConfig(List.of(), List.of(Cidr.parse(internet.inside().address())), Optional.empty());
        machine = Machine.networked(runtime, config.withConnections(CONNECTIONS), Optional.of(IdMapping.DEFAULT));
        assertThat(machine.noNetwork()).isEmpty();
    }

    @AfterParameterizedClassInvocation
    static void close() throws Exception {
        if (internet != null) {
            internet.close();
        }
        if (machine != null) {
            machine.close();
        }
    }

    /** What eth0 of a machine of the little Internet receives. */
    private static final class Watcher implements AutoCloseable {
        private final Process process;
        private final BufferedReader seen;

        Watcher(LittleInternet.Machine where) throws IOException {
            process = new ProcessBuilder(
                            "nsenter", "--net=/proc/" + where.pid() + "/ns/net", frames + "/bin/frames", "watch")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            seen = process.inputReader();
            assertThat(seen.readLine()).isEqualTo("up");
        }

        /** Up to the label "end". */
        List<String> seen() {
            return seen.lines().toList();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private static Sandbox start() throws Exception {
        Sandbox sandbox = machine.startNetworked(frames);
        // It lives as long as this.
        sandbox.spawn(Run.command("sleep", "1000"), new Recorder());
        return sandbox;
    }

    private static String address(Sandbox sandbox) {
        return sandbox.network().orElseThrow().address();
    }

    /** The machine's end of a sandbox's cable. */
    private static String device(Sandbox sandbox) throws Exception {
        String route = new Program("ip").run("-o", "route", "get", address(sandbox));
        return route.replaceFirst("(?s).* dev (\\S+) .*", "$1");
    }

    private static String run(Sandbox sandbox, String script) throws InterruptedException {
        Recorder recorder = new Recorder();
        sandbox.spawn(Run.limited(Run.shell(script), Duration.ofSeconds(30), 1 << 20), recorder);
        assertThat(recorder.exit().code()).as(recorder.stderr()).isZero();
        return recorder.stdout().strip();
    }

    private static String end(String target, int port) {
        return "; frames ports 1 " + target + " " + port + " end";
    }

    @Test
    void nothingLeavesButWithTheMachinesAddress() throws Exception {
        String there = internet.outside().address();
        try (Watcher watcher = new Watcher(internet.outside());
                Sandbox neighbour = start();
                Sandbox sandbox = start()) {
            StringBuilder script = new StringBuilder("frames send udp " + address(sandbox) + " " + there + " 9 own");
            for (String source : List.of(
                    address(neighbour),
                    internet.inside().address(),
                    internet.outside().ours(),
                    "8.8.4.4",
                    "127.0.0.1",
                    "0.0.0.0")) {
                script.append(" udp " + source + " " + there + " 9 feigned");
            }
            // No connection, so nothing to translate: it would leave as it is.
            script.append(" stray " + address(sandbox) + " " + there + " 9 stray");
            run(sandbox, script + end(there, 9));

            String honest = internet.outside().ours() + " " + there;
            assertThat(watcher.seen()).containsExactly(honest + " own", honest + " end");
        }
    }

    @Test
    void thePrivateNetworkHearsQuestionsForNamesOnly() throws Exception {
        String there = internet.inside().address();
        try (Watcher watcher = new Watcher(internet.inside());
                Sandbox sandbox = start()) {
            String own = address(sandbox);
            run(
                    sandbox,
                    "frames send udp " + own + " " + there + " 9 no"
                            + " vlan " + own + " " + there + " 9 no"
                            + " route " + own + " " + there + " 53 no"
                            + " route " + own + " " + internet.outside().ours() + " 9 no"
                            + " udp " + own + " " + LittleInternet.METADATA + " 80 no"
                            + " udp " + own + " 10.255.255.255 9 no"
                            + " udp " + there + " " + there + " 53 no"
                            + end(there, 53));

            assertThat(watcher.seen()).containsExactly(internet.inside().ours() + " " + there + " end");
        }
    }

    @Test
    void theMachineHearsNothing() throws Exception {
        try (DatagramSocket ear = new DatagramSocket(0);
                Sandbox sandbox = start()) {
            int port = ear.getLocalPort();
            // As programs turn it on that send what is meant for the machine to a service on loopback.
            Files.writeString(Path.of("/proc/sys/net/ipv4/conf", device(sandbox), "route_localnet"), "1");
            String gateway = run(sandbox, "ip route | sed -n 's/default via \\([0-9.]*\\) .*/\\1/p'");
            StringBuilder script = new StringBuilder("frames send");
            for (String target : List.of(
                    internet.outside().ours(),
                    internet.inside().ours(),
                    gateway,
                    "127.0.0.1",
                    "0.0.0.0",
                    "255.255.255.255",
                    "224.0.0.1")) {
                for (String kind : List.of("udp", "vlan", "route")) {
                    for (String source : List.of(address(sandbox), "127.0.0.1", "0.0.0.0", target)) {
                        script.append(String.join(" ", " " + kind, source, target, "" + port, "heard"));
                    }
                }
            }
            for (String target : List.of("::1", "ff02::1", "fe80::1", "fd00:ec2::254")) {
                script.append(" six fe80::2 " + target + " " + port + " heard");
            }
            run(sandbox, script.toString());

            assertThat(heard(ear)).isEqualTo("end");
        }
    }

    private static String heard(DatagramSocket ear) throws IOException {
        byte[] end = "end".getBytes(StandardCharsets.US_ASCII);
        ear.setSoTimeout(20_000);
        try (DatagramSocket own = new DatagramSocket()) {
            own.send(new DatagramPacket(end, end.length, InetAddress.getLoopbackAddress(), ear.getLocalPort()));
        }
        DatagramPacket first = new DatagramPacket(new byte[100], 100);
        ear.receive(first);
        return new String(first.getData(), 0, first.getLength(), StandardCharsets.US_ASCII);
    }

    /** All network namespaces of a machine share room for some thousand neighbours. */
    @Test
    void theMachineLearnsNoNeighboursFromASandbox() throws Exception {
        String there = internet.outside().address();
        try (Watcher watcher = new Watcher(internet.outside());
                Sandbox sandbox = start()) {
            String gateway = run(sandbox, "ip route | sed -n 's/default via \\([0-9.]*\\) .*/\\1/p'");
            List<String> questions = new ArrayList<>();
            for (int i = 1; i < 100; i++) {
                questions.add("arp 198.18.0." + i + " " + gateway + " 0 -");
            }
            run(sandbox, "frames send " + String.join(" ", questions) + end(there, 9));
            assertThat(watcher.seen()).hasSize(1);

            assertThat(new Program("ip")
                            .run("neigh", "show", "dev", device(sandbox))
                            .lines())
                    .singleElement()
                    .asString()
                    .startsWith(address(sandbox) + " ")
                    .contains("PERMANENT");
        }
    }

    /** A machine keeps track of so many connections and no more, whoever has them. */
    @Test
    void aSandboxThatBeginsConnectionsWithoutEndStopsAtItsOwnLimit() throws Exception {
        String there = internet.outside().address();
        try (Watcher watcher = new Watcher(internet.outside());
                Sandbox neighbour = start();
                Sandbox sandbox = start()) {
            run(sandbox, "frames ports 500 " + there + " 9 flood");
            run(neighbour, "true" + end(there, 9));

            assertThat(watcher.seen())
                    .endsWith(internet.outside().ours() + " " + there + " end")
                    // The kernel counts to a few.
                    .hasSizeBetween(2, 2 * CONNECTIONS);
        }
    }

    @Test
    void seesNoSocketsOfTheMachineAndChangesNothingOfItsNetwork() throws Exception {
        try (Sandbox sandbox = start()) {
            assertThat(run(
                            sandbox,
                            "grep -c @ /proc/net/unix; for file in ip_forward conf/all/route_localnet"
                                    + " conf/eth0/rp_filter ping_group_range; do"
                                    + " echo 1 2>/dev/null >/proc/sys/net/ipv4/$file && echo wrote $file; done;"
                                    + " ip neigh del $(ip neigh | cut -d ' ' -f 1) dev eth0 2>/dev/null && echo neighbour;"
                                    + " ip route del default 2>/dev/null && echo route; true"))
                    .isEqualTo("0");
        }
    }
}
