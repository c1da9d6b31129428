package io.contree.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Gives tokens for a registry, by the registry's token specification (distribution docs: auth/token, auth/jwt): a JSON
 * Web Token signed with RS256 whose {@code x5c} header holds the certificate that the registry was told to trust.
 */
final class TokenServer implements AutoCloseable {
    static final String SERVICE = "loopback";
    static final String ISSUER = "loopback-tokens";

    private static final String KEY_PASSWORD = "only-for-tests";

    private final HttpServer server;
    private final Path certificate;
    private final PrivateKey key;
    private final String encodedCertificate;
    private final String authorization;

    private TokenServer(Path directory, KeyStore store, LoopbackRegistry.Credentials credentials)
            throws IOException, GeneralSecurityException {
        this.key = (PrivateKey) store.getKey("key", KEY_PASSWORD.toCharArray());
        this.encodedCertificate =
                Base64.getEncoder().encodeToString(store.getCertificate("key").getEncoded());
        this.certificate = Files.writeString(
                directory.resolve("tokens.pem"),
                "-----BEGIN CERTIFICATE-----\n" + encodedCertificate.replaceAll("(.{64})", "$1\n")
                        + "\n-----END CERTIFICATE-----\n");
        String login = credentials.user() + ":" + credentials.password();
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    static TokenServer start(Path directory, LoopbackRegistry.Credentials credentials)
            throws IOException, InterruptedException {
        Path file = directory.resolve("tokens.p12");
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", "key", "-keyalg", "RSA"));
        arguments.addAll(List.of("-dname", "CN=" + ISSUER, "-ext", "bc:c", "-storetype", "PKCS12"));
        arguments.addAll(List.of("-keystore", file.toString(), "-storepass", KEY_PASSWORD));
        new Program(System.getProperty("java.home") + "/bin/keytool").run(arguments);
        try {
            KeyStore store = KeyStore.getInstance(file.toFile(), KEY_PASSWORD.toCharArray());
            return new TokenServer(directory, store, credentials);
        } catch (GeneralSecurityException e) {
            throw new IOException("tried to read the key just made by keytool, but failed: " + e.getMessage(), e);
        }
    }

    String realm() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    Path certificate() {
        return certificate;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean known = authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = (known
                        ? "{\"token\":\"" + token(exchange.getRequestURI().getRawQuery()) + "\",\"expires_in\":300}"
                        : "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"wrong user or password\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(known ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String token(String query) throws IOException {
        long now = Instant.now().getEpochSecond();
        String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + encodedCertificate + "\"]}";
        String claims = "{\"iss\":\"" + ISSUER + "\",\"sub\":\"test\",\"aud\":\"" + SERVICE + "\",\"nbf\":" + (now - 60)
                + ",\"iat\":" + now + ",\"exp\":" + (now + 300) + ",\"jti\":\"" + UUID.randomUUID() + "\",\"access\":["
                + access(query == null ? "" : query) + "]}";
        String signed =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        return signed + "." + base64(sign(signed));
    }

    /** Grants what is asked: {@code scope=repository:name:pull,push}, any number of times. */
    private static String access(String query) {
        List<String> granted = new ArrayList<>();
        for (String parameter : query.split("&")) {
            if (parameter.startsWith("scope=")) {
                String value = URLDecoder.decode(parameter.substring("scope=".length()), StandardCharsets.UTF_8);
                Arrays.stream(value.split(" ")).forEach(scope -> granted.add(grant(scope)));
            }
        }
        return String.join(",", granted);
    }

    private static String grant(String scope) {
        int name = scope.indexOf(':');
        int actions = scope.lastIndexOf(':');
        return "{\"type\":\"" + scope.substring(0, name) + "\",\"name\":\"" + scope.substring(name + 1, actions)
                + "\",\"actions\":[\"" + scope.substring(actions + 1).replace(",", "\",\"") + "\"]}";
    }

    private byte[] sign(String text) throws IOException {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IOException("tried to sign a token, but failed: " + e.getMessage(), e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
