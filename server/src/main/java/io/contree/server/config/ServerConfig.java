package io.contree.server.config;

import ch.qos.logback.classic.Level;
import io.contree.catalog.Durability;
import io.contree.engine.DiskPolicy;
import io.contree.engine.EngineConfig;
import io.contree.engine.retention.Retention;
import io.contree.linux.Cores;
import io.contree.linux.IdMapping;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxSpec;
import io.contree.store.StoreConfig;
import io.contree.store.disk.Layout;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All settings of a server, parsed. docs/configuration.md says what each is; {@link Keys} has their defaults. */
public record ServerConfig(
        InetSocketAddress listen,
        HttpAccess access,
        Path data,
        Durability durability,
        int maxRunning,
        int maxImports,
        int maxQueued,
        int projectQueue,
        SandboxSpec.Limits limits,
        DiskPolicy disk,
        Retention retention,
        Duration collectInterval,
        int runCache,
        Duration maxTimeout,
        Duration maxImportTimeout,
        Duration endGrace,
        String runtime,
        List<String> runtimes,
        int readySandboxes,
        Optional<IdMapping> mapping,
        NetworkSettings network,
        boolean allowPrivateRegistries,
        List<Path> localImportRoots,
        int stackLayers,
        long scrub,
        long shareContents,
        long maxRequest,
        long maxUpload,
        int maxConnections,
        int fileThreads,
        Duration idleTimeout,
        Duration drainTimeout,
        LogFormat logFormat,
        Level logLevel,
        boolean saveProfile) {
    /** How long a run that ignores its deadline has before it is killed from outside. */
    private static final Duration TIMEOUT_GRACE = Duration.ofSeconds(2);

    /**
     * The settings of flags, then of {@code CONTREE_…} variables, then of the file that flag or variable {@code config} names.
     *
     * @param flags by key, without dashes in front
     * @throws ConfigException for an unknown key or a value that does not fit
     */
    public static ServerConfig load(Map<String, String> flags, Map<String, String> environment) {
        Sources sources = Sources.of(flags, environment);
        return new ServerConfig(
                sources.get(Keys.LISTEN),
                access(sources),
                sources.get(Keys.DATA),
                sources.get(Keys.DURABILITY),
                sources.get(Keys.MAX_RUNNING),
                sources.get(Keys.MAX_IMPORTS),
                sources.get(Keys.MAX_QUEUED),
                sources.get(Keys.PROJECT_QUEUE),
                new SandboxSpec.Limits(
                        sources.get(Keys.MEMORY),
                        sources.get(Keys.CPUS),
                        sources.get(Keys.PIDS),
                        sources.get(Keys.SHM)),
                new DiskPolicy(
                        sources.get(Keys.MAX_LAYER_BYTES),
                        sources.get(Keys.MAX_LAYER_FILES),
                        sources.get(Keys.DISK_RESERVE),
                        sources.get(Keys.COMMIT_TIMEOUT)),
                sources.get(Keys.RETENTION),
                sources.get(Keys.COLLECT_INTERVAL),
                sources.get(Keys.RUN_CACHE),
                sources.get(Keys.MAX_TIMEOUT),
                sources.get(Keys.MAX_IMPORT_TIMEOUT),
                sources.get(Keys.END_GRACE),
                sources.get(Keys.RUNTIME),
                sources.get(Keys.RUNTIMES),
                sources.get(Keys.READY_SANDBOXES),
                mapping(sources),
                NetworkSettings.of(sources),
                sources.get(Keys.ALLOW_PRIVATE_REGISTRIES),
                sources.get(Keys.LOCAL_IMPORT_ROOTS),
                sources.get(Keys.STACK_LAYERS),
                sources.get(Keys.SCRUB),
                sources.get(Keys.SHARE_CONTENTS),
                sources.get(Keys.MAX_REQUEST),
                sources.get(Keys.MAX_UPLOAD),
                sources.get(Keys.MAX_CONNECTIONS),
                sources.get(Keys.FILE_THREADS),
                sources.get(Keys.IDLE_TIMEOUT),
                sources.get(Keys.DRAIN_TIMEOUT),
                sources.get(Keys.LOG_FORMAT),
                sources.get(Keys.LOG_LEVEL),
                sources.get(Keys.SAVE_PROFILE));
    }

    /** An embedded server's: a free port of this machine, data in a directory, everything else by default. */
    public static ServerConfig embedded(Path data) {
        return load(Map.of("listen", "127.0.0.1:0", "data", data.toString(), "save-profile", "off"), Map.of());
    }

    private static HttpAccess access(Sources sources) {
        String certificate = sources.get(Keys.TLS_CERTIFICATE);
        String key = sources.get(Keys.TLS_KEY);
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new ConfigException("settings tls-certificate and tls-key go together; say both or none");
        }
        boolean open = sources.get(Keys.AUTH).equals("none");
        if (open && !sources.get(Keys.LISTEN).getAddress().isLoopbackAddress()) {
            throw new ConfigException("setting auth is 'none', which is for loopback only: everybody who reaches "
                    + sources.get(Keys.LISTEN).getHostString()
                    + " could run commands here; listen on 127.0.0.1, or leave auth at 'token'");
        }
        return new HttpAccess(
                open,
                sources.get(Keys.CORS_ORIGINS),
                certificate.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new TlsFiles(Values.path(certificate), Values.path(key))));
    }

    private static Optional<IdMapping> mapping(Sources sources) {
        int start = sources.get(Keys.USERNS_START);
        return sources.get(Keys.USERNS)
                ? Optional.of(new IdMapping(start, IdMapping.DEFAULT.size()))
                : Optional.empty();
    }

    /** What the store needs of it. */
    public StoreConfig store() {
        return new StoreConfig(data, mapping, allowPrivateRegistries, localImportRoots, stackLayers);
    }

    /** What the sandboxes need of it. */
    public SandboxConfig sandboxes() {
        return new SandboxConfig(
                runtime, runtimes, new Layout(data).sandboxes(), mapping, network.wanted(), readySandboxes);
    }

    /** The name of everything that a server makes on the machine outside its data directory, given by its real path. */
    public static String nameOf(Path data) {
        return SandboxConfig.nameOf(new Layout(data).sandboxes());
    }

    /** What the engine needs of it. */
    public EngineConfig engine() {
        return new EngineConfig(
                new Layout(data).operations(),
                maxRunning,
                maxImports,
                maxQueued,
                limits,
                maxTimeout,
                maxImportTimeout,
                TIMEOUT_GRACE,
                endGrace,
                EngineConfig.DEFAULT_LOG_BUDGET,
                !localImportRoots.isEmpty(),
                projectQueue,
                network.byDefault(),
                disk,
                retention,
                collectInterval,
                runCache);
    }

    /** What the web server needs of it. */
    public HttpSettings http() {
        return new HttpSettings(
                listen,
                maxRequest,
                maxUpload,
                maxConnections,
                idleTimeout,
                HttpSettings.KEEPALIVE,
                access,
                fileThreads == 0 ? Cores.forDiskWork() : fileThreads);
    }
}
