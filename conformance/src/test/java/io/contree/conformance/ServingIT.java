package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.OperationFailedException;
import io.contree.testkit.RootFs;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a server is reached, and how it goes: TLS, no tokens, a prefix, and a stop that lets runs finish. */
class ServingIT {
    @TempDir
    private Path home;

    private static HttpResponse<String> ask(HttpClient http, URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tlsByCertificateFiles() throws Exception {
        Path certificate = home.resolve("certificate.pem");
        Path key = home.resolve("key.pem");
        Process openssl = new ProcessBuilder(
                        ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
                                        + " -addext subjectAltName=IP:127.0.0.1 -keyout " + key + " -out "
                                        + certificate)
                                .split(" "))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("openssl.log").toFile())
                .start();
        assertThat(openssl.waitFor()).isZero();
        try (TestServer server = TestServer.start(
                        home, "--tls-certificate", certificate.toString(), "--tls-key", key.toString());
                HttpClient trusting = HttpClient.newBuilder()
                        .sslContext(trusting(certificate))
                        .build();
                HttpClient suspicious = HttpClient.newHttpClient()) {
            URI whoami = URI.create(server.uri() + "/v1/whoami");
            assertThat(whoami.getScheme()).isEqualTo("https");
            assertThat(ask(trusting, whoami, "Authorization", "Bearer " + server.token())
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> ask(suspicious, whoami)).isInstanceOf(javax.net.ssl.SSLException.class);
        }
        for (String algorithm : List.of("EC", "RSA")) {
            byte[] other = KeyPairGenerator.getInstance(algorithm)
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            Files.writeString(
                    key,
                    "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(other)
                            + "\n-----END PRIVATE KEY-----\n");
            assertThatThrownBy(() -> TestServer.start(
                            home, "--tls-certificate", certificate.toString(), "--tls-key", key.toString()))
                    .hasMessageContaining("cannot serve TLS")
                    .hasMessageContaining("does not belong to the certificate")
                    .hasMessageNotContaining("java.");
        }
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void withoutTokensOnLoopbackOnly() throws Exception {
        try (TestServer server = TestServer.start(home, "--auth", "none");
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(ask(http, URI.create(server.uri() + "/v1/images")).statusCode())
                    .isEqualTo(200);
            assertThat(ask(http, URI.create(server.uri() + "/v1/images"), "Origin", "https://evil.example")
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThatThrownBy(() -> TestServer.start(home, "--auth", "none", "--listen", "0.0.0.0:0"))
                .hasMessageContaining("loopback only");
    }

    @Test
    void aPrefixIsKeptInRedirects() throws Exception {
        try (TestServer server = TestServer.start(home);
                HttpClient http = HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build()) {
            Path root = home.resolve("root");
            RootFs.busybox(root);
            String box = server.api().importImage("rootfs:" + root, "box:1");
            HttpResponse<String> found = ask(
                    http,
                    URI.create(server.uri() + "/some/sandboxes/v1/inspect?tag=box:1"),
                    "Authorization",
                    "Bearer " + server.token());
            assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
            assertThat(found.uri().getPath()).isEqualTo("/some/sandboxes/v1/inspect/" + box + "/");
        }
    }

    private UUID start(TestServer server, String command) throws Exception {
        Path root = RootFs.busybox(home.resolve("root"));
        try (Contree contree = server.connect()) {
            Image image = contree.images().importFrom("rootfs:" + root).execute();
            return image.shell(command).start().operation();
        }
    }

    @Test
    void aStoppingServerLetsARunFinish() throws Exception {
        UUID run;
        try (TestServer server = TestServer.start(home)) {
            run = start(server, "echo begun > /kept; sleep 3; echo done >> /kept");
        }
        try (TestServer again = TestServer.start(home);
                Contree contree = again.connect()) {
            UUID image = contree.operations().await(run).resultImage().orElseThrow();
            assertThat(contree.images().use(image).readText("/kept")).isEqualTo("begun\ndone\n");
        }
    }

    @Test
    void anEndlessRunEndsWithTheGraceTimeAsFailed() throws Exception {
        UUID run;
        try (TestServer server = TestServer.start(home, "--drain-timeout", "1s")) {
            run = start(server, "sleep 600");
        }
        try (TestServer again = TestServer.start(home);
                Contree contree = again.connect()) {
            assertThatThrownBy(() -> contree.operations().await(run)).isInstanceOf(OperationFailedException.class);
        }
    }
}
