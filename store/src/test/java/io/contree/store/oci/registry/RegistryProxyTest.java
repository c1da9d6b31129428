package io.contree.store.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.contree.store.StoreException;
import io.contree.store.oci.image.MediaTypes;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.reference.Reference;
import io.contree.store.oci.reference.ReferenceParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry with TLS from a private authority, behind a proxy that alone knows its name. */
class RegistryProxyTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String NAME = "registry.test";

    @TempDir
    static Path directory;

    private static Path authority;
    private static SSLContext tls;

    private HttpsServer registry;
    private ServerSocket proxy;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeKeys() throws Exception {
        Path keys = directory.resolve("keys.p12");
        keytool("-genkeypair", "-alias", "r", "-keyalg", "EC", "-dname", "CN=" + NAME, "-ext", "san=dns:" + NAME, keys);
        authority = directory.resolve("authority.pem");
        keytool("-exportcert", "-rfc", "-alias", "r", "-file", authority.toString(), keys);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), null, null);
    }

    @BeforeEach
    void start() throws Exception {
        registry = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.setHttpsConfigurator(new HttpsConfigurator(tls));
        registry.createContext("/", exchange -> {
            byte[] body = "{\"a\": 1}".getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().add("Content-Type", MediaTypes.OCI_MANIFEST);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        registry.start();
        proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::serve);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        registry.stop(0);
    }

    private static void keytool(Object... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        for (int i = 0; i < arguments.length - 1; i++) {
            command.add(arguments[i].toString());
        }
        command.addAll(List.of("-keystore", arguments[arguments.length - 1].toString(), "-storepass", "changeit"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private void serve() {
        while (!proxy.isClosed()) {
            try {
                Socket client = proxy.accept();
                Thread.ofPlatform().daemon().start(() -> tunnel(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void tunnel(Socket client) {
        try (client) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) client.getInputStream().read());
            }
            asked.add(head.toString());
            try (Socket server = new Socket(
                    InetAddress.getLoopbackAddress(), registry.getAddress().getPort())) {
                client.getOutputStream().write("HTTP/1.1 200 ok\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Thread back = Thread.ofPlatform().daemon().start(() -> copy(server, client));
                copy(client, server);
                back.join();
            }
        } catch (IOException e) {
            // One side is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One side is gone.
        }
    }

    private String get(String host, Map<String, String> environment) throws Exception {
        Reference.Remote image = (Reference.Remote) ReferenceParser.parse("docker://" + host + "/a:1");
        RetryPolicy once = new RetryPolicy(
                1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(20), Duration.ofSeconds(20));
        ImportControl control = new ImportControl((what, done, total) -> {}, Duration.ofSeconds(30), true);
        try (HttpRegistry client = new HttpRegistry(
                image,
                Optional.empty(),
                false,
                ImportLimits.DEFAULT,
                once,
                control,
                new RegistryEnvironment(environment))) {
            return client.manifest("1").root().toString();
        }
    }

    private Map<String, String> environment(String... more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HTTPS_PROXY", "http://me:p%40ss@127.0.0.1:" + proxy.getLocalPort());
        environment.put("SSL_CERT_FILE", authority.toString());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    @Test
    void aRegistryOfAPrivateAuthorityBehindAProxyWithALogin() throws Exception {
        assertThat(get(NAME, environment())).contains("\"a\"");
        assertThat(asked.getFirst())
                .startsWith("CONNECT " + NAME + ":443 ")
                .contains("Basic " + Base64.getEncoder().encodeToString("me:p@ss".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aDirectoryOfCertificatesAndLowerCaseNames() throws Exception {
        Files.writeString(directory.resolve("README"), "no certificate");
        Map<String, String> environment =
                Map.of("https_proxy", "127.0.0.1:" + proxy.getLocalPort(), "SSL_CERT_DIR", "/no/such:" + directory);
        assertThatThrownBy(() -> get(NAME, environment)).hasMessageContaining("SSL_CERT_DIR");
        Map<String, String> there =
                Map.of("https_proxy", "127.0.0.1:" + proxy.getLocalPort(), "SSL_CERT_DIR", directory.toString());
        assertThat(get(NAME, there)).contains("\"a\"");
    }

    @Test
    void withoutTheAuthorityItIsNotTrusted() {
        assertThatThrownBy(() -> get(NAME, environment("SSL_CERT_FILE", "")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("TLS");
    }

    @Test
    void whatNoProxyNamesIsReachedDirectly() {
        assertThatThrownBy(() -> get(NAME, environment("NO_PROXY", ".test")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has no address");
        assertThat(asked).isEmpty();
    }

    @Test
    void aProxyOpensNoPrivateAddress() {
        for (String host : List.of("10.1.2.3", "169.254.169.254", "192.168.0.1:5000")) {
            assertThatThrownBy(() -> get(host, environment()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("private address");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aProxyThatCannotBeUsedIsSaidWithoutItsPassword() {
        for (String wrong : List.of("socks5://me:hunter2@h:1", "https://me:hunter2@h:1", "http://me:hunter2@h:0")) {
            assertThatThrownBy(() -> get(NAME, environment("HTTPS_PROXY", wrong)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("HTTPS_PROXY")
                    .hasMessageNotContaining("hunter2");
        }
    }
}
