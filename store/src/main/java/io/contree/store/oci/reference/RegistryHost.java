package io.contree.store.oci.reference;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A registry's address: a host as written in a reference (lower case; IPv6 in brackets) and a port, -1 for the scheme's own.
 */
public record RegistryHost(String host, int port) {
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    private static final Set<String> DOCKER_HUB_ALIASES =
            Set.of("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

    static final RegistryHost DOCKER_HUB = new RegistryHost("docker.io", -1);

    public RegistryHost {
        host = host.toLowerCase(Locale.ROOT);
        if (port == -1 && DOCKER_HUB_ALIASES.contains(host)) {
            host = "docker.io";
        }
    }

    boolean isDockerHub() {
        return host.equals("docker.io") && port == -1;
    }

    /** True for names that mean this machine whatever DNS says: the only ones spoken to in plain http. */
    public boolean isLoopback() {
        return isLoopback(host);
    }

    public static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || LOOPBACK_V4.matcher(host).matches();
    }

    /** The root of the registry's API; Docker Hub serves it from a host other than its name. */
    public URI base() {
        String authority = isDockerHub() ? "registry-1.docker.io" : name();
        return URI.create((isLoopback() ? "http://" : "https://") + authority);
    }

    /** Host and port as in a reference. */
    public String name() {
        return port == -1 ? host : host + ":" + port;
    }
}
