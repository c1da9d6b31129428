package io.contree.server;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.catalog.SqlCatalog;
import io.contree.engine.Caller.Permission;
import io.contree.engine.Engine;
import io.contree.engine.local.LocalEngine;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.Sandboxes;
import io.contree.sandbox.oci.OciSandboxes;
import io.contree.server.config.NetworkSettings;
import io.contree.server.config.ServerConfig;
import io.contree.server.http.HttpServer;
import io.contree.store.StoreException;
import io.contree.store.disk.DataDirectory;
import io.contree.store.overlay.OverlayStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole server: the only place that puts its parts together, and takes them apart in reverse. */
public final class ContreeServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContreeServer.class);

    /** A client that follows an operation asks at once; one that polls, as the Python SDK does, within a second or so. */
    private static final Duration LAST_QUESTIONS = Duration.ofSeconds(2);

    /** Closing the engine ends its runs and records their ends. */
    private static final Duration ENGINE_LIMIT = Duration.ofSeconds(25);

    private final ServerConfig config;
    private final Parts parts;
    private final Engine engine;
    private final HttpServer http;
    private final String isolation;
    private final CompletableFuture<StoreException> failure;

    private ContreeServer(
            ServerConfig config,
            Parts parts,
            Engine engine,
            HttpServer http,
            String isolation,
            CompletableFuture<StoreException> failure) {
        this.config = config;
        this.parts = parts;
        this.engine = engine;
        this.http = http;
        this.isolation = isolation;
        this.failure = failure;
    }

    /**
     * Starts a server; it serves when this returns.
     *
     * @throws ContreeException UNAVAILABLE if it cannot start here; the message says what to do, and nothing is left open
     */
    public static ContreeServer start(ServerConfig config) {
        Preflight.check(config);
        Parts parts = new Parts();
        try {
            return open(config, parts);
        } catch (ContreeException e) {
            parts.close();
            throw e;
        } catch (StoreException | SandboxException | IOException e) {
            parts.close();
            throw new ContreeException(ErrorCode.UNAVAILABLE, "cannot start the server: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            parts.close();
            Thread.currentThread().interrupt();
            throw new ContreeException(ErrorCode.UNAVAILABLE, "interrupted while the server started", e);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static ContreeServer open(ServerConfig config, Parts parts) throws IOException, InterruptedException {
        DataDirectory data = parts.guard(DataDirectory.open(config.data()));
        SqlCatalog catalog = parts.add(SqlCatalog.serve(data.catalogLink(), config.durability()));
        // Before the store: leftover sandboxes hold the mounts that it takes down.
        Sandboxes sandboxes = parts.add(OciSandboxes.open(config.sandboxes()));
        requireNetwork(config.network().mode(), sandboxes);
        OverlayStore store = parts.add(OverlayStore.open(data, config.store(), catalog.images()));
        if (config.scrub() > 0) {
            parts.add(store.scrub(config.scrub()));
        }
        if (config.shareContents() > 0) {
            parts.add(store.shareContents(config.shareContents()));
        }
        Engine engine = parts.add(
                LocalEngine.open(
                        config.engine(),
                        store,
                        sandboxes,
                        catalog.operations(),
                        catalog.projects(),
                        catalog.retention(),
                        catalog.runCache()),
                ENGINE_LIMIT);
        HttpServer http = parts.add(HttpServer.start(engine, config.http()));
        String isolation = sandboxes.isolation(sandboxes.usual());
        LOG.info("serving {} with {}", config.data(), isolation);
        sandboxes.runtimes().stream()
                .skip(1)
                .forEach(runtime -> LOG.info("runs may ask for {}: {}", runtime, sandboxes.isolation(runtime)));
        return new ContreeServer(config, parts, engine, http, isolation, catalog.stop());
    }

    private static void requireNetwork(NetworkSettings.Mode mode, Sandboxes sandboxes) {
        Optional<String> refusal = sandboxes.noNetwork(sandboxes.usual());
        if (refusal.isEmpty() || mode == NetworkSettings.Mode.OFF) {
            return;
        }
        if (mode == NetworkSettings.Mode.ON) {
            throw new SandboxException(
                    SandboxException.Kind.START,
                    "networking is on, but runs cannot have a network here: " + refusal.get()
                            + "; fix that or set networking to auto");
        }
        LOG.warn("runs have no network: {}", refusal.get());
    }

    /** Where it listens. */
    public URI uri() {
        return http.uri();
    }

    /** What isolates its runs, in words. */
    public String isolation() {
        return isolation;
    }

    /**
     * Completes when the disk fails under the catalog. The server then shows what it has and refuses everything else
     * (UNAVAILABLE): close it without draining, and start another.
     */
    public CompletableFuture<StoreException> failure() {
        return failure;
    }

    /** A new token of the first project with every permission; only its hash is kept. */
    public String createToken() {
        return engine.tokens()
                .create(engine.tokens().firstProject(), EnumSet.allOf(Permission.class), Optional.empty());
    }

    /**
     * Takes no more runs, gives those under way as long to finish as the configuration says, and ends the rest. Status
     * is served all the while and a moment longer: whoever waited for a run asks how it ended.
     */
    public void drain() throws InterruptedException {
        if (engine.drain(config.drainTimeout())) {
            Thread.sleep(LAST_QUESTIONS);
        }
    }

    /** Ends everything now, in reverse; idempotent. */
    @Override
    public void close() {
        parts.close();
    }
}
