package io.contree.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.contree.catalog.Durability;
import io.contree.linux.IdMapping;
import io.contree.sandbox.egress.Cidr;
import io.contree.sandbox.egress.EgressConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigTest {
    @TempDir
    private Path directory;

    private static ServerConfig flags(String... pairs) {
        Map<String, String> flags = new java.util.LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            flags.put(pairs[i], pairs[i + 1]);
        }
        return ServerConfig.load(flags, Map.of());
    }

    @Test
    void everyDefaultFits() {
        ServerConfig config = ServerConfig.load(Map.of(), Map.of());

        assertThat(config.listen().getPort()).isEqualTo(8642);
        assertThat(config.data()).isEqualTo(Path.of("/var/lib/contree"));
        assertThat(config.durability()).isEqualTo(Durability.STRICT);
        assertThat(config.limits().memoryBytes()).isEqualTo(1L << 30);
        assertThat(config.maxTimeout()).isEqualTo(Duration.ofDays(1));
        assertThat(config.mapping()).contains(IdMapping.DEFAULT);
        assertThat(config.logFormat()).isEqualTo(LogFormat.TEXT);
        assertThat(config.logLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void theDocumentationHasEveryKeyWithItsDefault() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("../docs/configuration.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Keys.all().stream()
                        .map(key -> "| `%s` | `%s` | %s | %s |"
                                .formatted(key.name(), key.fallback(), key.allowed(), key.help()))
                        .toList());
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
        Path file = directory.resolve("server.properties");
        Files.writeString(file, "# comment\nmax-running = 1\nmax-queued = 1\nmax-imports: 1\n");

        ServerConfig config = ServerConfig.load(
                Map.of("max-running", "3", "config", file.toString()),
                Map.of("CONTREE_MAX_RUNNING", "2", "CONTREE_MAX_QUEUED", "2", "CONTREE_TOKEN", "x", "PATH", "/bin"));

        assertThat(config.maxRunning()).isEqualTo(3);
        assertThat(config.maxQueued()).isEqualTo(2);
        assertThat(config.maxImports()).isEqualTo(1);
        assertThat(ServerConfig.load(Map.of(), Map.of("CONTREE_CONFIG", file.toString()))
                        .maxQueued())
                .isEqualTo(1);
    }

    @Test
    void unknownKeysAreRefusedWithTheOneThatWasMeant() throws IOException {
        Path file = directory.resolve("server.properties");
        Files.writeString(file, "memmory = 1GiB\n");

        assertThatThrownBy(() -> flags("max-runing", "3"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("unknown setting max-runing on the command line; did you mean max-running?");
        assertThatThrownBy(() -> ServerConfig.load(Map.of(), Map.of("CONTREE_MAX_RUNING", "3")))
                .hasMessage("unknown setting CONTREE_MAX_RUNING in the environment; did you mean CONTREE_MAX_RUNNING?");
        assertThatThrownBy(() -> flags("config", file.toString()))
                .hasMessage("unknown setting memmory in " + file + "; did you mean memory?");
        assertThatThrownBy(() -> flags("zzz", "3")).hasMessageContaining("there are allow-private-registries, ");
    }

    @Test
    void aMissingFileIsReported() {
        assertThatThrownBy(() -> flags("config", "/nothing/here"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("cannot read the configuration /nothing/here");
    }

    @ParameterizedTest
    @CsvSource({
        "listen, 8642, HOST:PORT",
        "listen, 127.0.0.1:99999, HOST:PORT",
        "max-running, 0, a whole number from 1 on",
        "max-running, many, a whole number from 1 on",
        "memory, 1MiB, a size from 16MiB on",
        "memory, 1 Gigabyte, a size from 16MiB on",
        "memory, -1, a size from 16MiB on",
        "max-request, 300MiB, a size from 1MiB to 256MiB",
        "cpus, 0, a number above 0",
        "cpus, NaN, a number above 0",
        "max-timeout, 30, a duration from 1s on",
        "max-timeout, 0s, a duration from 1s on",
        "userns, maybe, on or off",
        "runtime, '', auto",
        "runtimes, '', 'native, crun'",
        "runtimes, 'crun,,runsc', 'native, crun'",
        "runtimes, 'crun,auto', 'native, crun'",
        "runtimes, '/usr/bin/', 'native, crun'",
        "networking, maybe, auto",
        "networking, ON, auto",
        "network-allow, 10.0.0.1/8, ranges such as",
        "network-allow, fd00::/8, ranges such as",
        "network-resolvers, none, IPv4 addresses",
        "network-resolvers, 10.0.0.0/8, IPv4 addresses",
        "network-range, 10.0.0.0/8, a range with a prefix of 16 to 28 bits",
        "log-format, xml, text or json",
        "log-level, loud, error"
    })
    void valuesThatDoNotFitAreNamedWithTheirPlace(String key, String value, String allowed) {
        assertThatThrownBy(() -> flags(key, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "setting " + key + " on the command line is '" + value + "'; allowed is " + allowed);
    }

    @Test
    void runtimesOfRuns() {
        assertThat(flags().sandboxes().further()).isEmpty();
        ServerConfig config = flags("runtime", "native", "runtimes", "crun, /opt/kata/kata-runtime,crun");
        assertThat(config.sandboxes().runtime()).isEqualTo("native");
        assertThat(config.sandboxes().further()).containsExactly("crun", "/opt/kata/kata-runtime");
    }

    @Test
    void theNetworkOfRuns() {
        assertThat(flags().network().byDefault()).isTrue();
        assertThat(flags().sandboxes().egress()).contains(EgressConfig.DEFAULT);
        ServerConfig config = flags(
                "networking",
                "on-request",
                "network-allow",
                "10.1.0.0/16, 192.168.1.7",
                "network-resolvers",
                "9.9.9.9,10.0.0.53",
                "network-range",
                "10.7.0.0/20",
                "network-connections",
                "100");

        assertThat(config.engine().networkByDefault()).isFalse();
        EgressConfig egress = config.sandboxes().egress().orElseThrow();
        assertThat(egress.allowed()).extracting(Cidr::toString).containsExactly("10.1.0.0/16", "192.168.1.7");
        assertThat(egress.resolvers()).extracting(Cidr::toString).containsExactly("9.9.9.9", "10.0.0.53");
        assertThat(egress.range()).contains(Cidr.parse("10.7.0.0/20"));
        assertThat(egress.connections()).isEqualTo(100);
        assertThat(flags("networking", "off").sandboxes().egress()).isEmpty();
    }

    @Test
    void unitsAreUnderstood() {
        ServerConfig config = flags(
                "memory",
                "1.5GiB",
                "shm",
                "0",
                "max-upload",
                "10MB",
                "max-timeout",
                "2h",
                "idle-timeout",
                "500ms",
                "listen",
                "[::1]:0",
                "userns",
                "off",
                "cpus",
                "0.5",
                "log-level",
                "DEBUG",
                "log-format",
                "json");

        assertThat(config.limits().memoryBytes()).isEqualTo(3L << 29);
        assertThat(config.limits().shmBytes()).isZero();
        assertThat(config.limits().cpus()).isEqualTo(0.5);
        assertThat(config.maxUpload()).isEqualTo(10_000_000);
        assertThat(config.maxTimeout()).isEqualTo(Duration.ofHours(2));
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.listen().getAddress().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
        assertThat(config.mapping()).isEmpty();
        assertThat(config.logFormat()).isEqualTo(LogFormat.JSON);
    }

    @Test
    void anEmbeddedServerTakesAFreePortOfThisMachine() {
        ServerConfig config = ServerConfig.embedded(directory);

        assertThat(config.listen().getAddress().isLoopbackAddress()).isTrue();
        assertThat(config.listen().getPort()).isZero();
        assertThat(config.saveProfile()).isFalse();
        assertThat(config.engine().localImports()).isFalse();
        assertThat(config.store().localImportRoots()).isEmpty();
    }

    @Test
    void localImportRootsAreAbsoluteDirectories() {
        assertThat(flags("local-import-roots", "/srv/images/, /a/../b").store().localImportRoots())
                .containsExactly(Path.of("/srv/images"), Path.of("/b"));
        for (String wrong : new String[] {"images", "/a,,/b", "/a,b", ""}) {
            assertThatThrownBy(() -> flags("local-import-roots", wrong))
                    .as(wrong)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("local-import-roots");
        }
    }

    @Test
    void anUnknownHostIsReported() {
        assertThatThrownBy(() -> flags("listen", "nowhere.invalid:80"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("listen", "nowhere.invalid:80", "cannot find the address of the host");
    }

    @Test
    void aFileThatCannotBeReadIsReportedWithTheReason() throws IOException {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> flags("config", missing.toString()))
                .hasMessage("cannot read the configuration " + missing + ": there is no " + missing);
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> flags("config", binary.toString())).hasMessageEndingWith("it is not text in UTF-8");
    }
}
