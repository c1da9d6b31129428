package io.contree.engine;

import io.contree.api.ImportRequest;
import io.contree.api.LimitReached;
import io.contree.api.ProcessRequest;
import io.contree.api.RunOutcome;
import io.contree.api.SpawnRequest;
import io.contree.api.Stdin;
import io.contree.engine.retention.Retention;
import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.SandboxSpec;
import io.contree.store.Digest;
import io.contree.store.Image;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Records for tests, with one thing changed at a time. */
public final class Samples {
    public static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678901Z");

    private Samples() {}

    /** Runs may take a day and imports an hour; nothing is imported from this machine's disk. */
    public static EngineConfig config(Path data, int maxRunning) {
        return new EngineConfig(
                data,
                maxRunning,
                4,
                1000,
                new SandboxSpec.Limits(1L << 30, 2, 512, 64L << 20),
                Duration.ofDays(1),
                Duration.ofHours(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                EngineConfig.DEFAULT_LOG_BUDGET,
                false,
                0,
                true,
                DiskPolicy.DEFAULT,
                Retention.NONE,
                EngineConfig.DEFAULT_COLLECT_INTERVAL,
                EngineConfig.DEFAULT_RUN_CACHE);
    }

    public static EngineConfig withRunCache(EngineConfig from, int runCache) {
        return new EngineConfig(
                from.data(),
                from.maxRunning(),
                from.maxImports(),
                from.maxQueued(),
                from.limits(),
                from.maxTimeout(),
                from.maxImportTimeout(),
                from.timeoutGrace(),
                from.endGrace(),
                from.logBudget(),
                from.localImports(),
                from.projectQueue(),
                from.networkByDefault(),
                from.disk(),
                from.retention(),
                from.collectInterval(),
                runCache);
    }

    public static SpawnRequest spawn(String image, String command, String... args) {
        return SpawnRequest.builder(process(command, args), image).build();
    }

    public static ProcessRequest process(String command, String... args) {
        return new ProcessRequest(command, List.of(args), false, new TreeMap<>(), "", 0, 0, "", Stdin.EMPTY, 1 << 20);
    }

    public static ImportRequest imported(String url, Optional<String> tag) {
        return new ImportRequest(new ImportRequest.Registry(url, Optional.empty()), tag, 300);
    }

    public static Digest digest(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        bytes[1] = (byte) (seed >> 8);
        return Digest.of(bytes);
    }

    public static Outcome.Reached reached(UUID image) {
        return new Outcome.Reached(image, digest(image.hashCode()));
    }

    public static final RunOutcome RUN_OUTCOME = new RunOutcome(
            RunOutcome.Reason.EXITED,
            List.of(
                    LimitReached.memory(1 << 30, (1L << 30) - 4096, 2),
                    LimitReached.pids(64, null),
                    LimitReached.output("stderr", 1000, 3000)));

    /** A run that kept its state. */
    public static OperationEnd success(UUID image, Instant at) {
        return end(new Outcome.Kept(reached(image), 42, exit(0)), at);
    }

    /** A run that kept its state and is remembered. */
    public static OperationEnd repeatable(UUID image, Digest key, Instant at) {
        OperationEnd end = success(image, at);
        return new OperationEnd(end.outcome(), at, end.duration(), end.run(), Optional.of(key), Optional.empty());
    }

    public static OperationEnd failure(String error, Instant at) {
        return end(new Outcome.Failed(error), at);
    }

    public static OperationEnd importedAs(UUID image, String tag, Instant at) {
        return end(new Outcome.Imported(reached(image), Optional.of(tag), 42), at);
    }

    /** An import without a tag. */
    public static OperationEnd imported(Image image) {
        return end(new Outcome.Imported(Outcome.Reached.of(image), Optional.empty(), 0), THEN);
    }

    private static OperationEnd end(Outcome outcome, Instant at) {
        return new OperationEnd(outcome, at, Duration.ofMillis(1234), Optional.of(RUN_OUTCOME));
    }

    public static ExitStatus exit(int code) {
        return new ExitStatus(7, code, -1, false, false, Duration.ofNanos(1_500_000), usage());
    }

    public static ExitStatus.ResourceUsage usage() {
        return new ExitStatus.ResourceUsage(1000, 2000, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    }

    public static OperationRecord run(UUID project, UUID image, Instant at) {
        return new OperationRecord(
                UUID.randomUUID(),
                project,
                new OperationDetails.Instance(spawn(image.toString(), "true")),
                at,
                Optional.of(image),
                Optional.empty());
    }

    public static OperationRecord load(UUID project, Instant at) {
        return new OperationRecord(
                UUID.randomUUID(),
                project,
                new OperationDetails.Import(
                        imported("docker://docker.io/library/busybox:latest", Optional.of("busybox"))),
                at,
                Optional.empty(),
                Optional.empty());
    }

    public static Caller caller(UUID project) {
        return new Caller(UUID.randomUUID(), project, Set.of(Caller.Permission.values()), Optional.empty());
    }

    public static SpawnRequest withEnv(SpawnRequest from, Map<String, String> env) {
        return from.toBuilder()
                .process(from.process().withEnv(new TreeMap<>(env)))
                .build();
    }

    public static SpawnRequest withStdin(SpawnRequest from, Stdin stdin) {
        return from.toBuilder()
                .process(process(from, stdin, from.truncateOutputAt()))
                .build();
    }

    /** The first bytes of its output. */
    public static SpawnRequest withOutput(SpawnRequest from, int bytes) {
        return from.toBuilder().process(process(from, from.stdin(), bytes)).build();
    }

    private static ProcessRequest process(SpawnRequest from, Stdin stdin, int output) {
        return new ProcessRequest(
                from.command(),
                from.args(),
                from.shell(),
                from.env(),
                from.cwd(),
                from.uid(),
                from.gid(),
                from.user(),
                stdin,
                output);
    }
}
