package io.contree.store.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contree.store.Digest;
import io.contree.store.ImportSource.Credentials;
import io.contree.store.StoreException;
import io.contree.store.oci.image.Descriptor;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.reference.Reference;
import io.contree.store.oci.reference.RegistryHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry client against a scripted registry on loopback that is slow, wrong or hostile. */
class HttpRegistryTest {
    private static final byte[] BLOB = "the bytes of a layer".repeat(5000).getBytes(StandardCharsets.UTF_8);
    private static final Descriptor LAYER = new Descriptor("", Digest.ofContent(BLOB), BLOB.length);
    private static final String BLOB_PATH = "/v2/a/b/blobs/" + LAYER.digest();
    private static final Credentials LOGIN = new Credentials("user", "secret");
    private static final RetryPolicy QUICK = new RetryPolicy(
            4, Duration.ofMillis(1), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(300));

    private interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger calls = new AtomicInteger();
    private HttpServer server;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.add(exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getFirst("Authorization"));
                scripts.getOrDefault(exchange.getRequestURI().getPath(), e -> send(e, 404, new byte[0]))
                        .answer(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private HttpRegistry registry(Optional<Credentials> credentials) {
        RegistryHost host = new RegistryHost("127.0.0.1", server.getAddress().getPort());
        Reference.Remote image = new Reference.Remote(host, "a/b", "1", Optional.empty());
        ImportControl control = new ImportControl((what, done, total) -> {}, Duration.ofSeconds(20), true);
        return new HttpRegistry(
                image, credentials, false, ImportLimits.DEFAULT, QUICK, control, new RegistryEnvironment(Map.of()));
    }

    private byte[] download() throws Exception {
        return download(Optional.empty());
    }

    private byte[] download(Optional<Credentials> credentials) throws Exception {
        Path file = directory.resolve("blob");
        try (HttpRegistry registry = registry(credentials)) {
            registry.download(LAYER, file);
            return Files.readAllBytes(file);
        }
    }

    private void failsWith(String words) {
        assertThatThrownBy(this::download)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("secret");
        assertThat(directory.resolve("blob")).doesNotExist();
    }

    @Test
    void downloadsWhatItWasPromised() throws Exception {
        scripts.put(BLOB_PATH, exchange -> send(exchange, 200, BLOB));
        assertThat(download()).isEqualTo(BLOB);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 408})
    void retriesWhatMaySucceed(int status) throws Exception {
        scripts.put(BLOB_PATH, exchange -> {
            if (calls.incrementAndGet() < 3) {
                exchange.getResponseHeaders().set("Retry-After", "0");
                send(exchange, status, new byte[0]);
            } else {
                send(exchange, 200, BLOB);
            }
        });
        assertThat(download()).isEqualTo(BLOB);
    }

    @Test
    void givesUpWithTheRegistrysWords() {
        scripts.put(
                BLOB_PATH,
                exchange -> send(
                        exchange,
                        403,
                        "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"not for you\"}]}"
                                .getBytes(StandardCharsets.UTF_8)));
        failsWith("not for you");
    }

    @Test
    void aLongRetryAfterIsAnAnswer() {
        scripts.put(BLOB_PATH, exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            send(exchange, 429, new byte[0]);
        });
        failsWith("429");
    }

    @Test
    void resumesABrokenDownload() throws Exception {
        scripts.put(BLOB_PATH, exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            if (range == null) {
                exchange.sendResponseHeaders(200, BLOB.length);
                exchange.getResponseBody().write(BLOB, 0, 60_000);
                exchange.getResponseBody().flush();
                throw new IOException("cut");
            }
            int from = Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (BLOB.length - 1) + "/*");
            exchange.sendResponseHeaders(206, BLOB.length - from);
            exchange.getResponseBody().write(BLOB, from, BLOB.length - from);
        });
        assertThat(download()).isEqualTo(BLOB);
    }

    @Test
    void refusesOtherBytesAndOtherLengths() {
        byte[] other = BLOB.clone();
        other[0] ^= 1;
        scripts.put(BLOB_PATH, exchange -> send(exchange, 200, other));
        failsWith("digest");
        scripts.put(
                BLOB_PATH,
                exchange -> send(
                        exchange,
                        200,
                        (new String(BLOB, StandardCharsets.UTF_8) + "more").getBytes(StandardCharsets.UTF_8)));
        failsWith("more than");
    }

    @Test
    void aBodyThatStallsIsGivenUpOn() {
        scripts.put(BLOB_PATH, exchange -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB, 0, 10);
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(3000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        failsWith("ended after");
    }

    @Test
    void anErrorThatStallsIsGivenUpOn() {
        scripts.put(BLOB_PATH, exchange -> stall(exchange, 403));
        failsWith("the registry answered 403");
    }

    @Test
    void aTokenThatStallsIsGivenUpOn() {
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        scripts.put(BLOB_PATH, exchange -> challenge(exchange, "Bearer realm=\"" + base + "/token\""));
        scripts.put("/token", exchange -> stall(exchange, 200));
        failsWith("broke");
    }

    /** Stalls for longer than the test waits. */
    private static void stall(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, 100);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        try {
            Thread.sleep(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void challenge(HttpExchange exchange, String header) throws IOException {
        exchange.getResponseHeaders().set("WWW-Authenticate", header);
        send(exchange, 401, new byte[0]);
    }

    @Test
    void fetchesATokenForPullingFromTheRealm() throws Exception {
        String realm = "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
        scripts.put("/token", exchange -> {
            assertThat(exchange.getRequestURI().getQuery())
                    .contains("scope=repository:a/b:pull")
                    .contains("service=s");
            assertThat(exchange.getRequestHeaders().getFirst("Authorization"))
                    .isEqualTo("Basic "
                            + Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8)));
            send(exchange, 200, "{\"token\":\"t0k\"}".getBytes(StandardCharsets.UTF_8));
        });
        scripts.put(BLOB_PATH, exchange -> {
            if ("Bearer t0k".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 200, BLOB);
            } else {
                challenge(exchange, "Bearer realm=\"" + realm + "\",service=\"s\",scope=\"repository:a/b:push\"");
            }
        });
        assertThat(download(Optional.of(LOGIN))).isEqualTo(BLOB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/token",
                "ftp://127.0.0.1/token",
                "file:///etc/passwd",
                "https://user@example.com/token",
                "nonsense"
            })
    void sendsTheLoginToNoOtherRealm(String realm) {
        scripts.put(BLOB_PATH, exchange -> challenge(exchange, "Bearer realm=\"" + realm + "\""));
        assertThatThrownBy(() -> download(Optional.of(LOGIN)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("nothing was sent");
    }

    @Test
    void aRedirectToAnotherOriginGetsNoCredentials() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        other.createContext("/", exchange -> {
            try (exchange) {
                seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                send(exchange, 200, BLOB);
            }
        });
        other.start();
        try {
            scripts.put(BLOB_PATH, exchange -> {
                if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                    challenge(exchange, "Basic realm=\"x\"");
                    return;
                }
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                "http://127.0.0.1:" + other.getAddress().getPort() + "/elsewhere");
                send(exchange, 307, new byte[0]);
            });
            assertThat(download(Optional.of(LOGIN))).isEqualTo(BLOB);
            assertThat(seen).containsExactly("null");
        } finally {
            other.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://169.254.169.254/latest", "http://10.0.0.1/x", "https://192.168.1.1/x", "gopher://x/"})
    void aRedirectIntoPrivateNetworksIsRefused(String location) {
        scripts.put(BLOB_PATH, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            send(exchange, 302, new byte[0]);
        });
        failsWith("refused");
    }

    @Test
    void redirectsEnd() {
        scripts.put(BLOB_PATH, exchange -> {
            exchange.getResponseHeaders().set("Location", BLOB_PATH);
            send(exchange, 302, new byte[0]);
        });
        failsWith("redirected more than");
    }

    @Test
    void aManifestMustBeTheOneThatWasAskedFor() throws Exception {
        Digest wrong = Digest.ofContent("other".getBytes(StandardCharsets.UTF_8));
        scripts.put(
                "/v2/a/b/manifests/" + wrong, exchange -> send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8)));
        try (HttpRegistry registry = registry(Optional.empty())) {
            assertThatThrownBy(() -> registry.manifest(wrong.toString()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("other bytes");
        }
    }
}
