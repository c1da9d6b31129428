package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LittleInternet;
import io.contree.testkit.Program;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The network of runs, from outside: what a request says, what a run sees, what its events tell. */
class NetworkIT extends ServerSuite {
    private static final String STDOUT = "/metadata/result/stdout/value";
    private static final String INTERFACES = "ls /sys/class/net | tr '\\n' ' '";

    private LittleInternet internet;

    @Override
    String[] options() {
        try {
            Requirements.program("nft", "nftables");
            internet = LittleInternet.open(Files.createDirectory(home.resolve("internet")));
            internet.startNameServer(
                    internet.inside(), "web.test", internet.outside().address());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the little Internet was made", e);
        }
        return new String[] {
            "--networking", "on", "--network-resolvers", internet.inside().address()
        };
    }

    @AfterAll
    void closeInternet() throws IOException {
        if (internet != null) {
            internet.close();
        }
    }

    private static String get(String place) {
        return "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 " + place + " 80 2>/dev/null | tail -n 1";
    }

    private JsonNode run(Api on, String image, String command, Object networking) throws Exception {
        return on.await(on.spawn(Map.of("image", image, "command", command, "shell", true, "networking", networking)));
    }

    private String events(JsonNode operation) throws Exception {
        return Api.text(api.get("/operations/" + operation.get("uuid").asString() + "/events"));
    }

    private JsonNode networkEvent(JsonNode operation) throws Exception {
        String events = events(operation);
        String data = events.substring(events.indexOf("event: network"));
        return new ObjectMapper()
                .readTree(data.substring(data.indexOf("data: ") + 6)
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .get("data");
    }

    @Test
    void aRunThatDoesNotSayReachesTheInternetAndItsEventCountsIt() throws Exception {
        JsonNode record = api.shell(
                box,
                get(internet.outside().address()) + "; nslookup web.test; "
                        + get(internet.inside().address()));
        assertThat(record.at(STDOUT).asString())
                .startsWith("hello from public\n")
                .contains("Address: " + internet.outside().address())
                .doesNotContain("hello from private");
        assertThat(record.at("/metadata/networking/enabled").asBoolean()).isTrue();
        JsonNode event = networkEvent(record);
        JsonNode eth0 = event.at("/interfaces/0");
        assertThat(eth0.get("name").asString()).isEqualTo("eth0");
        assertThat(eth0.get("rx_bytes").asInt()).isBetween(300, 10_000);
        assertThat(eth0.get("tx_bytes").asInt()).isBetween(300, 10_000);
        assertThat(event.at("/configured/ip4").asString()).matches("10\\.2\\d\\d\\.\\d+\\.\\d+");
        assertThat(event.at("/configured/nameserver").asString())
                .isEqualTo(internet.inside().address());
        assertThat(api.getJson("/whoami").at("/limits/instance_networking").asInt())
                .isEqualTo(1);
    }

    @Test
    void aRunWithoutNetworkingHasLoopbackOnly() throws Exception {
        JsonNode record = run(
                api,
                box,
                INTERFACES + "; cat /proc/net/route | wc -l; "
                        + get(internet.outside().address()),
                Map.of("enabled", false));
        assertThat(record.at(STDOUT).asString()).isEqualTo("lo 1\n");
        assertThat(record.at("/metadata/networking/enabled").asBoolean()).isFalse();
        assertThat(events(record)).contains("event: completion").doesNotContain("event: network");
    }

    @Test
    void aNetworkDoesNotChangeTheState() throws Exception {
        for (boolean enabled : new boolean[] {true, false}) {
            JsonNode record =
                    run(api, box, "cat /etc/resolv.conf /etc/hosts /etc/hostname", Map.of("enabled", enabled));
            assertThat(record.at("/result/image").asString()).isEqualTo(box);
        }
    }

    @Test
    void onRequestMeansOnlyThoseThatAskAndAKilledServersNetworkGoesAtTheNextStart() throws Exception {
        Path other = Files.createDirectory(home.resolve("killed"));
        TestServer first = TestServer.start(other, "--networking", "on-request");
        long pid = first.pid();
        Api asking = first.api();
        String image = asking.importImage("rootfs:" + root, "box:1");
        assertThat(asking.shell(image, INTERFACES).at(STDOUT).asString()).isEqualTo("lo ");
        assertThat(run(asking, image, INTERFACES, Map.of("enabled", true))
                        .at(STDOUT)
                        .asString())
                .isEqualTo("eth0 lo ");
        assertThat(tables()).contains(owner(pid));
        first.killHard();
        assertThat(tables()).contains(owner(pid));

        // Also when the next one gives runs no network.
        try (TestServer next = TestServer.start(other, "--networking", "off")) {
            assertThat(tables()).doesNotContain(owner(pid));
            Api without = next.api();
            assertThat(without.getJson("/whoami")
                            .at("/limits/instance_networking")
                            .asInt())
                    .isZero();
            var refused = without.post(
                    "/instances", Map.of("image", image, "command", "true", "networking", Map.of("enabled", true)));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Api.text(refused)).contains("networking.enabled", "loopback");
            assertThat(without.shell(image, INTERFACES).at(STDOUT).asString()).isEqualTo("lo ");
        }
    }

    @Test
    void aDebianUpdatesItsPackageLists() throws Exception {
        Requirements.mirror();
        Path other = Files.createDirectory(home.resolve("debian"));
        // With the machine's own resolvers, which know the mirror.
        try (TestServer plain = TestServer.start(other)) {
            Api debianApi = plain.api();
            String debian = debianApi.importImage("rootfs:" + RootFs.debianTree(), "debian:1");
            JsonNode record = debianApi.await(debianApi.spawn(Map.of(
                    "image",
                    debian,
                    "command",
                    "apt-get update 2>&1",
                    "shell",
                    true,
                    "timeout",
                    120,
                    "disposable",
                    true)));
            assertThat(record.at(STDOUT).asString())
                    .contains("Reading package lists")
                    .doesNotContain("Err:");
            assertThat(record.at("/metadata/result/state/exit_code").asInt()).isZero();
        }
    }

    private static String tables() throws IOException, InterruptedException {
        return new Program("nft").run("list", "ruleset");
    }

    private static String owner(long pid) {
        return "of the server with process id " + pid + "\"";
    }
}
