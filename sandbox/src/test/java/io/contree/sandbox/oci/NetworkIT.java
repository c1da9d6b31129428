package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.contree.linux.IdMapping;
import io.contree.sandbox.NetworkUse;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.egress.Cidr;
import io.contree.sandbox.egress.EgressConfig;
import io.contree.sandbox.egress.Traffic;
import io.contree.testkit.LittleInternet;
import io.contree.testkit.Program;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** What a sandbox reaches of the network and what not, in front of a little Internet of network namespaces. */
@EachRuntime
class NetworkIT {
    @Parameter
    String runtime;

    private static LittleInternet internet;
    private static Machine machine;

    @BeforeParameterizedClassInvocation
    static void open(String runtime, @TempDir Path directory) throws Exception {
        Requirements.program("nft", "nftables");
        internet = LittleInternet.open(directory);
        internet.startNameServer(
                internet.inside(), "web.test", internet.outside().address());
        EgressConfig config =
                new EgressConfig(List.of(), List.of(Cidr.parse(internet.inside().address())), Optional.empty());
        machine = Machine.networked(runtime, config, Optional.of(IdMapping.DEFAULT));
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

    // The wget of some static busyboxes crashes in the C library's resolver, so HTTP is spoken by hand.
    private static final String GET = """
            get() { printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 "$1" "${2:-80}" 2>/dev/null | tail -n 1; }
            address() { nslookup "$1" | sed -n '/^Name/,$ s/^Address: *//p'; }
            """;

    private static String run(String script) throws IOException, InterruptedException {
        try (Sandbox sandbox = machine.startNetworked()) {
            return run(sandbox, script);
        }
    }

    private static String run(Sandbox sandbox, String script) throws InterruptedException {
        return Run.main(sandbox, Run.shell(GET + script)).stdout();
    }

    /** A script that prints those of some {@code address port} pairs that say something, all tried at the same time. */
    private static String reached(String... places) {
        StringBuilder script = new StringBuilder();
        for (String place : places) {
            script.append("([ -z \"$(get ")
                    .append(place)
                    .append(")\" ] || echo '")
                    .append(place)
                    .append("') &\n");
        }
        return script.append("wait").toString();
    }

    /** A service of this machine, on all of its addresses, that says something; and that it can be reached from here. */
    private static HttpServer service(String... addresses) throws IOException, InterruptedException {
        HttpServer service = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 0);
        service.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write("host".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        service.start();
        for (String address : addresses) {
            assertThat(fromHere(address + ":" + service.getAddress().getPort())).isEqualTo("host");
        }
        return service;
    }

    private static String fromHere(String place) throws IOException {
        try (InputStream in = URI.create("http://" + place + "/").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String gateway(Machine of) throws IOException, InterruptedException {
        try (Sandbox sandbox = of.startNetworked()) {
            return run(sandbox, "ip route | sed -n 's/default via \\([0-9.]*\\) .*/\\1/p'")
                    .strip();
        }
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
        String gateway = gateway(machine);
        String[] ours = {internet.outside().ours(), internet.inside().ours(), gateway};
        HttpServer service = service(ours);
        try {
            assertThat(fromHere(internet.inside().address())).isEqualTo("hello from private\n");
            assertThat(fromHere(LittleInternet.METADATA)).isEqualTo("hello from private\n");
            String port = " " + service.getAddress().getPort();
            String outside = internet.outside().address() + " 80";
            assertThat(run(reached(
                            internet.inside().address() + " 80",
                            LittleInternet.METADATA + " 80",
                            ours[0] + port,
                            ours[1] + port,
                            gateway + port,
                            "127.0.0.1" + port,
                            outside)))
                    .isEqualTo(outside + "\n");
        } finally {
            service.stop(0);
        }
    }

    @Test
    void asksTheResolverByUdpAndTcpAndNothingElseOfIt() throws Exception {
        // A question for web.test by TCP: two bytes of length, header, name, type A, class IN. The answer has two and
        // 42.
        String question = "\\000\\032\\000\\001\\001\\000\\000\\001\\000\\000\\000\\000\\000\\000"
                + "\\003web\\004test\\000\\000\\001\\000\\001";
        String resolver = internet.inside().address();
        assertThat(run("printf '" + question + "' | nc -w 2 " + resolver + " 53 | wc -c; address web.test; get "
                        + resolver + " 80; echo end"))
                .isEqualTo("44\n" + internet.outside().address() + "\nend\n");
    }

    @Test
    void aResolverOnLoopbackAnswersThroughTheGateway() throws Exception {
        String local = "127.53." + ThreadLocalRandom.current().nextInt(256) + ".53";
        internet.startNameServer(local, "near.test", "198.51.100.1");
        EgressConfig config = new EgressConfig(List.of(), List.of(Cidr.parse(local)), Optional.empty());
        try (Machine forwarding = Machine.networked(runtime, config, Optional.of(IdMapping.DEFAULT))) {
            String gateway = gateway(forwarding);
            try (Sandbox sandbox = forwarding.startNetworked()) {
                assertThat(run(sandbox, "address near.test; address far.test; sed -n '/^name/p' /etc/resolv.conf"))
                        .isEqualTo("198.51.100.1\nnameserver " + gateway + "\n");
            }
        }
    }

    @Test
    void hasAWholeLoopback() throws Exception {
        KernelSettingsTest.assumeIpv6();
        Path pinger = Loopback.program(machine);
        for (int uid : new int[] {0, 1000}) {
            try (Sandbox sandbox = machine.startNetworked(pinger)) {
                Loopback.check(sandbox, uid);
            }
        }
    }

    @Test
    void cannotChangeItsNetworkOrSpeakIpv6() throws Exception {
        assertThat(run(
                        "grep -v ' lo$' /proc/net/if_inet6; ping -c 1 -w 1 fe80::2%eth0 >/dev/null 2>&1 && echo six; ip link set eth0 down 2>/dev/null || echo link;"
                                + " ip addr add 10.9.9.9/32 dev eth0 2>/dev/null || echo address;"
                                + " ip route add 10.9.9.0/24 dev eth0 2>/dev/null || echo route;"
                                + " echo 0 2>/dev/null >/proc/sys/net/ipv6/conf/eth0/disable_ipv6 || echo sysctl;"
                                + " ls /sys/class/net | tr '\\n' ' '"))
                .isEqualTo("link\naddress\nroute\nsysctl\neth0 lo ");
    }

    @Test
    void neighboursDoNotReachEachOther() throws Exception {
        try (Sandbox one = machine.startNetworked()) {
            Recorder listener = new Recorder();
            one.spawn(
                    Run.shell("nc -l -p 7000 -e echo mine & sleep 1; nc -w 2 127.0.0.1 7000;"
                            + " while true; do nc -l -p 7000 -e echo mine; done"),
                    listener);
            listener.awaitOutput("mine");
            String address = one.network().orElseThrow().address();
            assertThat(run(reached(address + " 7000"))).isEmpty();
        }
    }

    @Test
    void theOperatorAllowsRangesAndSingleAddressesOfThisMachine() throws Exception {
        HttpServer service =
                service(internet.outside().ours(), internet.inside().ours());
        EgressConfig config = new EgressConfig(
                List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse(internet.outside().ours())), List.of(), Optional.empty());
        try (Machine open = Machine.networked("crun", config, Optional.empty());
                Sandbox neighbour = open.startNetworked();
                Sandbox sandbox = open.startNetworked()) {
            Recorder listener = new Recorder();
            neighbour.spawn(Run.shell("echo up; while true; do nc -l -p 7000 -e echo mine; done"), listener);
            listener.awaitOutput("up");
            String port = " " + service.getAddress().getPort();
            String inside = internet.inside().address() + " 80";
            String single = internet.outside().ours() + port;
            assertThat(run(
                                    sandbox,
                                    reached(
                                            inside,
                                            single,
                                            internet.inside().ours() + port,
                                            neighbour.network().orElseThrow().address() + " 7000",
                                            LittleInternet.METADATA + " 80"))
                            .lines())
                    .containsExactlyInAnyOrder(inside, single);
        } finally {
            service.stop(0);
        }
    }

    @Test
    void thirtyAtATimeHaveAddressesOfTheirOwn() throws Exception {
        CyclicBarrier together = new CyclicBarrier(30);
        Callable<String> run = () -> {
            try (Sandbox sandbox = machine.startNetworked()) {
                together.await(60, TimeUnit.SECONDS);
                // Its web server lets nine wait, and may turn away more.
                String get = "get " + internet.outside().address();
                return run(sandbox, "said=$(" + get + "); echo \"${said:-$(sleep 1; " + get + ")}\"")
                        + sandbox.network().orElseThrow().address();
            }
        };
        Set<String> said = new HashSet<>();
        try (ExecutorService all = Executors.newFixedThreadPool(30)) {
            for (Future<String> one : all.invokeAll(Collections.nCopies(30, run))) {
                said.add(one.get());
            }
        }
        assertThat(said).hasSize(30).allMatch(one -> one.startsWith("hello from public\n"));
    }

    @Test
    void aRangeThatIsInUseIsRefusedAndNothingIsLeft() throws Exception {
        Cidr used = Cidr.parse(internet.inside().ours().replaceFirst("\\.\\d+$", ".0/24"));
        EgressConfig config = new EgressConfig(List.of(), List.of(), Optional.of(used));
        try (Machine without = Machine.networked(runtime, config, Optional.of(IdMapping.DEFAULT))) {
            assertThat(without.noNetwork().orElseThrow()).contains(used.toString(), "overlaps");
            assertThatThrownBy(without::startNetworked)
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining("overlaps");
            try (Sandbox plain = without.start()) {
                assertThat(run(plain, "ls /sys/class/net")).isEqualTo("lo\n");
            }
        }
    }

    @Test
    void closingLeavesNothingOnTheMachine() throws Exception {
        String name;
        String gateway;
        try (Machine closed = Machine.networked(runtime, EgressConfig.DEFAULT, Optional.of(IdMapping.DEFAULT))) {
            name = closed.name();
            var _ = closed.startNetworked();
            assertThat(traces(name))
                    .anyMatch(line -> line.contains("table inet"))
                    .anyMatch(line -> line.contains("ctree"));
            gateway = gateway(closed);
            assertThat(new Program("ip").run("-4", "-o", "addr", "show", "dev", "lo"))
                    .contains(gateway);
        }
        assertThat(traces(name)).isEmpty();
        assertThat(new Program("ip").run("-4", "-o", "addr", "show", "dev", "lo"))
                .doesNotContain(gateway + "/");
        assertThat(new Program("ip").run("route", "show", "proto", "202"))
                .doesNotContain(gateway.replaceFirst("\\.1$", ".0/"));
    }

    /** Tables and devices of one server. */
    private static List<String> traces(String name) throws IOException, InterruptedException {
        String devices = "ctree" + name.substring(name.length() - 6);
        return Stream.of(new Program("nft").run("list", "tables"), new Program("ip").run("-o", "link"))
                .flatMap(String::lines)
                .filter(line -> line.contains(name) || line.contains(devices))
                .toList();
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
