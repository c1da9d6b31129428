package io.contree.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.IdMapping;
import io.contree.sandbox.egress.Cidr;
import io.contree.sandbox.egress.EgressConfig;
import io.contree.sandbox.egress.Traffic;
import io.contree.testkit.LittleInternet;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sandbox reaches of the network and what not, in front of a little Internet of network namespaces. */
class NetworkIT {
    private static LittleInternet internet;
    private static Machine machine;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        Requirements.program("nft", "nftables");
        internet = LittleInternet.open(directory);
        internet.startNameServer(
                internet.inside(), "web.test", internet.outside().address());
        EgressConfig config =
                new EgressConfig(List.of(), List.of(Cidr.parse(internet.inside().address())), Optional.empty());
        machine = Machine.networked(config, Optional.of(IdMapping.DEFAULT));
        assertThat(machine.sandboxes().noNetwork()).isEmpty();
    }

    @AfterAll
    static void close() throws Exception {
        if (internet != null) {
            internet.close();
        }
        if (machine != null) {
            machine.close();
        }
    }

    // The wget of some static busyboxes crashes in the C library's resolver, so HTTP is spoken by hand.
    private static final String GET = """
            get() { printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 "$1" "${2:-80}" 2>/dev/null | tail -n 1; }
            address() { nslookup "$1" | sed -n '/^Name/,$ s/^Address: *//p'; }
            """;

    private static String run(String script) throws IOException, InterruptedException {
        try (Sandbox sandbox = machine.startNetworked()) {
            return Run.main(sandbox, Run.shell(GET + script)).stdout();
        }
    }

    /** Which of some {@code address port} pairs say something to a sandbox, tried at the same time. */
    private static List<String> reached(List<String> places) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        places.forEach(place -> script.append("([ -z \"$(get ")
                .append(place)
                .append(")\" ] || echo '")
                .append(place)
                .append("') &\n"));
        return run(script + "wait").lines().sorted().toList();
    }

    @Test
    void reachesThePublicInternetByAddressAndName() throws Exception {
        String outside = internet.outside().address();
        assertThat(run("get " + outside + "; get $(address web.test); cat /etc/resolv.conf"))
                .startsWith("hello from public\nhello from public\n")
                .contains("nameserver " + internet.inside().address());
    }

    @Test
    void reachesNothingOfThisMachineOrItsPrivateNetwork() throws Exception {
        try (ServerSocket service = new ServerSocket()) {
            service.bind(new InetSocketAddress("0.0.0.0", 0));
            String port = " " + service.getLocalPort();
            assertThat(reached(List.of(
                            internet.inside().address() + " 80",
                            LittleInternet.METADATA + " 80",
                            internet.outside().ours() + port,
                            internet.inside().ours() + port,
                            gateway() + port,
                            internet.outside().address() + " 80")))
                    .containsExactly(internet.outside().address() + " 80");
        }
    }

    private static String gateway() throws IOException, InterruptedException {
        return run("ip route | sed -n 's/default via \\([0-9.]*\\) .*/\\1/p'").strip();
    }

    @Test
    void countsWhatWentThrough() throws Exception {
        try (Sandbox sandbox = machine.startNetworked()) {
            Run.main(sandbox, Run.shell(GET + "get " + internet.outside().address()));
            NetworkUse use = sandbox.network().orElseThrow();
            Traffic traffic = use.traffic();
            assertThat(use.device()).isEqualTo("eth0");
            assertThat(use.nameservers()).containsExactly(internet.inside().address());
            assertThat(traffic.rxBytes()).isBetween(200L, 5_000L);
            assertThat(traffic.txBytes()).isBetween(200L, 5_000L);
            assertThat(traffic.rxPackets()).isBetween(3L, 50L);
        }
    }

    @Test
    void hasLoopbackOnlyWithoutNetwork() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = Run.main(
                    sandbox,
                    Run.shell(GET + "ls /sys/class/net; ip route; get "
                            + internet.outside().address() + "; cat /etc/resolv.conf"));
            assertThat(main.stdout()).isEqualTo("lo\n# This sandbox has no network.\n");
            assertThat(sandbox.network()).isEmpty();
        }
    }
}
