package io.contree.store.oci.registry;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.reference.RegistryHost;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the environment says about reaching registries: {@code HTTPS_PROXY} and {@code NO_PROXY} (lower case wins),
 * {@code SSL_CERT_FILE}, {@code SSL_CERT_DIR}. Plain http is spoken with this machine only, and never through a proxy.
 */
public final class RegistryEnvironment {
    private static final Pattern PROXY =
            Pattern.compile("(?:http://)?(?:([^@/]*)@)?(\\[[0-9A-Fa-f:.]+]|[^:/@\\[\\]]+)(?::([0-9]{1,5}))?/?");

    private final Map<String, String> environment;

    public RegistryEnvironment(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    private String variable(String name) {
        String lower = environment.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        return lower.isEmpty() ? environment.getOrDefault(name, "") : lower;
    }

    /** The certificates of authorities that are trusted besides Java's own. */
    Certificates certificates() {
        return new Certificates(
                environment.getOrDefault("SSL_CERT_FILE", ""), environment.getOrDefault("SSL_CERT_DIR", ""));
    }

    /**
     * The proxy for an address.
     *
     * @throws StoreException INVALID if the variable names no usable proxy
     */
    Optional<InetSocketAddress> proxy(URI target) {
        if (!isProxied(target)) {
            return Optional.empty();
        }
        Matcher proxy = parsed();
        int port = proxy.group(3) == null ? 80 : Integer.parseInt(proxy.group(3));
        if (port == 0 || port > 65535) {
            throw unusable();
        }
        return Optional.of(new InetSocketAddress(proxy.group(2).replaceAll("[\\[\\]]", ""), port));
    }

    private boolean isProxied(URI target) {
        String host = target.getHost();
        return "https".equalsIgnoreCase(target.getScheme())
                && !variable("HTTPS_PROXY").isEmpty()
                && !RegistryHost.isLoopback(host.toLowerCase(java.util.Locale.ROOT))
                && !new NoProxy(variable("NO_PROXY")).covers(host, target.getPort() < 0 ? 443 : target.getPort());
    }

    /** The Proxy-Authorization header for an address that has a proxy with a login. */
    Optional<String> proxyAuthorization(URI target) {
        if (!isProxied(target)) {
            return Optional.empty();
        }
        return Optional.ofNullable(parsed().group(1))
                .map(login -> URLDecoder.decode(login.replace("+", "%2B"), StandardCharsets.UTF_8))
                .map(login -> "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    private Matcher parsed() {
        Matcher proxy = PROXY.matcher(variable("HTTPS_PROXY"));
        if (!proxy.matches()) {
            throw unusable();
        }
        return proxy;
    }

    /** Does not quote the variable, which may hold a password. */
    private static StoreException unusable() {
        return new StoreException(
                Kind.INVALID,
                "HTTPS_PROXY in the server's environment names no usable proxy: write"
                        + " http://[USER:PASSWORD@]HOST:PORT. Proxies that speak TLS or SOCKS themselves are not supported.");
    }

    /** For the HTTP client. */
    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI target) {
                return List.of(proxy(target)
                        .map(address -> new Proxy(Proxy.Type.HTTP, address))
                        .orElse(Proxy.NO_PROXY));
            }

            @Override
            public void connectFailed(URI target, SocketAddress address, java.io.IOException cause) {
                // The request fails, and says so.
            }
        };
    }
}
