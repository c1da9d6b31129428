package io.contree.embedded;

import io.contree.api.ContreeException;
import io.contree.sdk.Contree;
import io.contree.server.ContreeServer;
import io.contree.server.config.ConfigException;
import io.contree.server.config.ServerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A server in this JVM with a client for it: on a free port of 127.0.0.1, with a token of its own. Profiles and
 * variables for settings do not affect it; imports reach registries as {@code HTTPS_PROXY}, {@code NO_PROXY},
 * {@code SSL_CERT_FILE} and {@code SSL_CERT_DIR} say. Several may run in one JVM, on different directories. It ends
 * when it is closed or when the JVM ends by a signal or {@code System.exit}; runs under way end with it. An open one
 * keeps the JVM from ending by itself. Safe for use by many threads.
 */
public final class EmbeddedContree implements AutoCloseable {
    private final DataPlace place;
    private final ContreeServer server;
    private final String token;
    private final Contree client;
    private final Thread hook = new Thread(this::end, "contree-embedded-end");

    private EmbeddedContree(DataPlace place, ContreeServer server) {
        this.place = place;
        this.server = server;
        this.token = server.createToken();
        this.client = Contree.builder()
                .baseUrl(server.uri().toString())
                .token(token)
                .userAgent("contree-embedded")
                .build();
    }

    /** A server whose data is removed when it is closed. */
    public static EmbeddedContree start() {
        return start(DataPlace.temporary(), Map.of());
    }

    /**
     * A server on a data directory, which is made if missing. Images that it holds from before are available again.
     *
     * @throws CannotStartException if something is missing, or another server uses the directory
     */
    public static EmbeddedContree start(Path directory) {
        return start(directory, Map.of());
    }

    /**
     * A server with settings.
     *
     * @param settings as in docs/configuration.md, such as {@code max-running}
     * @throws CannotStartException also for an unknown setting
     */
    public static EmbeddedContree start(Path directory, Map<String, String> settings) {
        return start(DataPlace.kept(directory.toAbsolutePath()), settings);
    }

    private static EmbeddedContree start(DataPlace place, Map<String, String> settings) {
        try {
            JvmRequirements.check();
            QuietLogs.apply();
            EmbeddedContree contree = new EmbeddedContree(place, ContreeServer.start(config(place, settings)));
            Runtime.getRuntime().addShutdownHook(contree.hook);
            return contree;
        } catch (ContreeException | ConfigException e) {
            place.leave();
            throw new CannotStartException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            place.leave();
            throw e;
        }
    }

    private static ServerConfig config(DataPlace place, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(
                // Whoever starts it can read what this JVM can read anyway; tokens made later lack the permission.
                Map.of("listen", "127.0.0.1:0", "save-profile", "off", "local-import-roots", "/"));
        all.putAll(settings);
        all.put("data", place.directory().toString());
        return ServerConfig.load(all, Map.of());
    }

    /** The client, with every permission; it is closed with the server. */
    public Contree client() {
        return client;
    }

    /** Where the server listens, for other clients. */
    public URI uri() {
        return server.uri();
    }

    /** The token of {@link #client}, for other clients. */
    public String token() {
        return token;
    }

    /** Where its data is. */
    public Path directory() {
        return place.directory();
    }

    /** What isolates its runs, in words. */
    public String isolation() {
        return server.isolation();
    }

    /** Ends runs under way and the server, and removes temporary data; idempotent. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook may be running already, and whoever comes second waits for the first.
        }
        end();
    }

    private synchronized void end() {
        client.close();
        server.close();
        place.leave();
    }
}
