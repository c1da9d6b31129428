package io.contree.server.config;

import ch.qos.logback.classic.Level;
import io.contree.catalog.Durability;
import io.contree.engine.DiskReserve;
import io.contree.engine.EngineConfig;
import io.contree.engine.retention.Retention;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.egress.Cidr;
import io.contree.sandbox.egress.EgressConfig;
import io.contree.store.StoreConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Every key that a server has; docs/configuration.md lists the same. */
public final class Keys {
    static final String VARIABLE_PREFIX = "CONTREE_";

    private static final List<Key<?>> ALL = new ArrayList<>();

    static final Key<InetSocketAddress> LISTEN = key(
            "listen",
            "127.0.0.1:8642",
            "HOST:PORT; port 0 takes a free one",
            "Address to serve on. Beyond this machine, serve TLS or put a gateway in front.",
            ListenAddress::parse);
    static final Key<String> AUTH = key(
            "auth",
            "token",
            "token or none",
            "Whether requests need a token. Without one, everybody is the first project: on loopback only.",
            Values.oneOf("token", "none"));
    static final Key<String> TLS_CERTIFICATE = key(
            "tls-certificate",
            "none",
            "a PEM file, or none for plain HTTP",
            "Certificate to serve HTTPS with, followed by those of its issuers.",
            Values::fileOrNone);
    static final Key<String> TLS_KEY = key(
            "tls-key", "none", "a PEM file, or none", "Private key of the certificate, PKCS #8.", Values::fileOrNone);
    static final Key<Set<String>> CORS_ORIGINS = key(
            "cors-origins",
            "none",
            "origins such as https://ui.example separated by commas, * for any, or none",
            "Web pages that browsers let call this server.",
            Values::origins);
    static final Key<Path> DATA =
            key("data", "/var/lib/contree", "a directory", "Where everything is kept; made if missing.", Values::path);
    static final Key<Durability> DURABILITY = key(
            "durability",
            "strict",
            "strict or relaxed",
            "Whether a run that was accepted or has ended survives a power cut from that moment on (strict), or may be unknown"
                    + " after one (relaxed); a killed server loses nothing either way.",
            Durability::parse);
    static final Key<Integer> MAX_RUNNING =
            key("max-running", "16", "a whole number from 1 on", "Runs at the same time.", Values.integer(1));
    static final Key<Integer> MAX_IMPORTS =
            key("max-imports", "4", "a whole number from 1 on", "Imports at the same time.", Values.integer(1));
    static final Key<Integer> MAX_QUEUED = key(
            "max-queued",
            "1000",
            "a whole number from 0 on",
            "Runs, and imports, that may wait; one more is refused with 429.",
            Values.integer(0));
    static final Key<Integer> PROJECT_QUEUE = key(
            "project-queue",
            "0",
            "a whole number from 0 on",
            "Runs, and imports, that may wait in a project that has a concurrency limit; one more is refused with 429.",
            Values.integer(0));
    static final Key<Long> MEMORY =
            key("memory", "1GiB", "a size from 16MiB on", "Memory of a run, without swap.", Values.size(16L << 20));
    static final Key<Double> CPUS =
            key("cpus", "2", "a number above 0, such as 1.5", "CPUs that a run may use at a time.", Values::positive);
    static final Key<Integer> PIDS =
            key("pids", "512", "a whole number from 8 on", "Processes and threads of a run.", Values.integer(8));
    static final Key<Long> SHM = key("shm", "64MiB", "a size", "Size of a run's /dev/shm.", Values.size(0));
    static final Key<Long> MAX_LAYER_BYTES = key(
            "max-layer-bytes",
            "64GiB",
            "a size from 1MiB on",
            "Most that a run may write; one that writes more is stopped. Requests for more are cut to it.",
            Values.size(1L << 20));
    static final Key<Long> MAX_LAYER_FILES = key(
            "max-layer-files",
            "10000000",
            "a whole number from 1000 on",
            "Most files that a run may make or change, directories included.",
            Values.number(1000));
    static final Key<DiskReserve> DISK_RESERVE = key(
            "disk-reserve",
            "auto",
            "a size, a part of the disk such as 5%, or auto",
            "Free space that no run, import or upload may take; auto is a tenth of the disk, 2 GiB at most.",
            Values::reserve);
    static final Key<Retention> RETENTION = key(
            "retention",
            "none",
            "rules such as images=30d/10000/100GiB,uploads=7d,operations=90d,logs=30d, or none",
            "What projects keep that have no rules of their own: no longer than an age since the last use, no more than a number,"
                    + " no more than a size. Tags and pins keep images.",
            Retention::parse);
    static final Key<Duration> COLLECT_INTERVAL = key(
            "collect-interval",
            "10m",
            "a duration from 1s on",
            "How often retention is applied, and what nothing needs any more is removed from the disk.",
            Values.duration(Duration.ofSeconds(1)));
    static final Key<Integer> RUN_CACHE = key(
            "run-cache",
            Integer.toString(EngineConfig.DEFAULT_RUN_CACHE),
            "a whole number from 0 on",
            "Runs with cache that are remembered, of all projects, to answer for equal ones; the longest unused go first. 0 for none.",
            Values.integer(0));
    static final Key<Duration> COMMIT_TIMEOUT = key(
            "commit-timeout",
            "10m",
            "a duration from 1s on",
            "How long it may take to keep what a run wrote, after its command has ended.",
            Values.duration(Duration.ofSeconds(1)));
    static final Key<Duration> MAX_TIMEOUT = key(
            "max-timeout",
            "1d",
            "a duration from 1s on",
            "Longest time of a run; requests for more are cut to it.",
            Values.duration(Duration.ofSeconds(1)));
    static final Key<Duration> MAX_IMPORT_TIMEOUT = key(
            "max-import-timeout",
            "1h",
            "a duration from 1s on",
            "Longest time of an import; requests for more are cut to it.",
            Values.duration(Duration.ofSeconds(1)));
    static final Key<Duration> END_GRACE = key(
            "end-grace",
            "2s",
            "a duration",
            "How long what a command leaves running has, once it has ended: three quarters of it to finish its output, then"
                    + " SIGTERM, and at the end SIGKILL. 0s ends it at once.",
            Values.duration(Duration.ZERO));
    static final Key<String> RUNTIME = key(
            "runtime",
            SandboxConfig.AUTO,
            "auto, native, crun, runsc, or the path of a program that speaks the OCI command line",
            "What isolates runs: our own runtime (native), an OCI runtime, or the first of native and crun that can be used"
                    + " (auto).",
            Values::text);
    static final Key<List<String>> RUNTIMES = key(
            "runtimes",
            "none",
            "native, crun, runsc or paths as in runtime, separated by commas, or none",
            "Further runtimes, which a run may ask for by name (of a path, the last component). Each is tried at the start.",
            Values::runtimes);
    static final Key<Integer> READY_SANDBOXES = key(
            "ready-sandboxes",
            String.valueOf(SandboxConfig.USUALLY_READY),
            "a whole number from 0 on",
            "How many sandboxes the native runtime makes before they are needed.",
            Values.integer(0));
    static final Key<Boolean> USERNS = key(
            "userns",
            "on",
            "on or off",
            "Whether root in a run is another user outside. Off only where the kernel cannot do it.",
            Values::flag);
    static final Key<Integer> USERNS_START = key(
            "userns-start",
            "100000",
            "a whole number from 1 on",
            "First of the ids outside that runs have: each run has 65,536 of its own, one range after the other.",
            Values.integer(1));
    static final Key<NetworkSettings.Mode> NETWORKING = key(
            "networking",
            "auto",
            "auto, on, on-request or off",
            "Whether runs reach the network: unless they say otherwise where this machine can do it (auto) or else the server"
                    + " does not start (on), if they ask for it, or never.",
            NetworkSettings.Mode::parse);
    static final Key<List<Cidr>> NETWORK_ALLOW = key(
            "network-allow",
            "none",
            "ranges such as 10.1.0.0/16 separated by commas, or none",
            "Private addresses that runs may reach. One of this machine counts only if it stands there alone, not in a range.",
            NetworkSettings::ranges);
    static final Key<List<Cidr>> NETWORK_RESOLVERS = key(
            "network-resolvers",
            "host",
            "IPv4 addresses separated by commas, or host for those of this machine",
            "DNS servers of runs, which can reach them for that wherever they are.",
            NetworkSettings::resolvers);
    static final Key<Optional<Cidr>> NETWORK_RANGE = key(
            "network-range",
            "auto",
            "a range with a prefix of 16 to 28 bits, or auto",
            "Addresses of runs behind this machine's; auto takes a /20 of 10.201.0.0 to 10.250.255.255 that is free.",
            NetworkSettings::range);
    static final Key<Integer> NETWORK_CONNECTIONS = key(
            "network-connections",
            Integer.toString(EgressConfig.CONNECTIONS),
            "a whole number from 1 on",
            "Connections that a run may have at a time in the machine's connection tracking.",
            Values.integer(1));
    static final Key<Boolean> ALLOW_PRIVATE_REGISTRIES = key(
            "allow-private-registries",
            "off",
            "on or off",
            "Whether a registry may be on a private, link-local or (by another name than `localhost`) loopback"
                    + " address. `localhost` and `127.x.x.x` always may.",
            Values::flag);
    static final Key<List<Path>> LOCAL_IMPORT_ROOTS = key(
            "local-import-roots",
            "none",
            "absolute directories separated by commas, or none",
            "Directories of this machine below which imports may read rootfs:, oci:, oci-archive: and docker-archive: paths, for"
                    + " tokens with the permission import_local.",
            Values::directories);
    static final Key<Integer> STACK_LAYERS = key(
            "stack-layers",
            Integer.toString(StoreConfig.STACK_LAYERS),
            "a whole number from 4 to 400",
            "Layers that an image is to have on disk. Where a run makes one more, some are merged in the background; a run"
                    + " merges itself only where there would be twice as many (or 450).",
            Values.integer(StoreConfig.LEAST_STACK_LAYERS, StoreConfig.MOST_STACK_LAYERS));
    static final Key<Long> SCRUB = key(
            "scrub",
            "0",
            "a size",
            "Bytes a second at which the server reads its layers over and over, to find damage before a run does; 0 for never.",
            Values.size(0));
    static final Key<Long> SHARE_CONTENTS = key(
            "share-contents",
            "16MiB",
            "a size",
            "Bytes a second that the server compares in the background to let equal files of layers share blocks, on a disk that can"
                    + " (XFS, btrfs); 0 for never.",
            Values.size(0));
    static final Key<Long> MAX_REQUEST = key(
            "max-request",
            "32MiB",
            "a size from 1MiB to 256MiB",
            "Longest JSON request, including a run's standard input.",
            Values.size(1L << 20, 256L << 20));
    static final Key<Long> MAX_UPLOAD =
            key("max-upload", "64GiB", "a size from 1 on", "Longest uploaded file.", Values.size(1));
    static final Key<Integer> MAX_CONNECTIONS = key(
            "max-connections", "8192", "a whole number from 1 on", "Open connections of clients.", Values.integer(1));
    static final Key<Integer> FILE_THREADS = key(
            "file-threads",
            "0",
            "a whole number from 0 on",
            "Requests that look into images at the same time, half of them of one project; as many may search. 0 is twice the"
                    + " processors, at least 4.",
            Values.integer(0));
    static final Key<Duration> IDLE_TIMEOUT = key(
            "idle-timeout",
            "60s",
            "a duration from 100ms on",
            "How long a connection may send nothing before it is closed.",
            Values.duration(Duration.ofMillis(100)));
    static final Key<Duration> DRAIN_TIMEOUT = key(
            "drain-timeout",
            "30s",
            "a duration",
            "How long a stopping server gives runs to finish. A second signal ends the wait.",
            Values.duration(Duration.ZERO));
    static final Key<LogFormat> LOG_FORMAT = key(
            "log-format",
            "text",
            "text or json",
            "Log lines for people or for machines, on standard error.",
            LogFormat::parse);
    static final Key<Level> LOG_LEVEL =
            key("log-level", "info", "error, warn, info, debug or trace", "What is logged.", Values::level);
    static final Key<Boolean> SAVE_PROFILE = key(
            "save-profile",
            "on",
            "on or off",
            "Whether the first start saves a profile with its token where clients look.",
            Values::flag);

    private Keys() {}

    /** All keys, in the order of the documentation. */
    public static List<Key<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    private static <T> Key<T> key(
            String name, String fallback, String allowed, String help, Function<String, T> parser) {
        Key<T> key = new Key<>(name, fallback, allowed, help, parser);
        ALL.add(key);
        return key;
    }
}
