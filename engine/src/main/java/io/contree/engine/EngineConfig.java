package io.contree.engine;

import io.contree.engine.retention.Retention;
import io.contree.sandbox.SandboxSpec;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of the engine.
 *
 * @param data a directory of this engine alone, for event logs; made when missing
 * @param maxRunning runs that work at the same time
 * @param maxImports imports that work at the same time
 * @param maxQueued operations of each kind that may wait; one more is refused
 * @param limits what each sandbox gets
 * @param maxTimeout of a run; longer requests are cut to it
 * @param maxImportTimeout of an import; longer requests are cut to it
 * @param timeoutGrace how long after its deadline a run that did not end by itself is killed from outside
 * @param endGrace how long what a process leaves behind at its end has to finish
 * @param logBudget bytes of stream events that one operation's log takes; what comes later is counted and dropped
 * @param localImports whether an import may read paths of this machine ({@code rootfs:}, {@code oci:} and the like) for a
 *     token with the permission for it; the store knows which paths
 * @param projectQueue operations of a kind that may wait in a project with a limit of its own; one more is refused
 * @param networkByDefault whether a run that does not say gets a network, where sandboxes can have one
 * @param disk what runs may take of the disk
 * @param retention what projects keep that have no rules of their own
 * @param collectInterval how often what projects keep is applied, and what nothing needs is collected
 * @param runCache runs that are remembered to answer equal ones, of all projects; 0 for none
 */
public record EngineConfig(
        Path data,
        int maxRunning,
        int maxImports,
        int maxQueued,
        SandboxSpec.Limits limits,
        Duration maxTimeout,
        Duration maxImportTimeout,
        Duration timeoutGrace,
        Duration endGrace,
        long logBudget,
        boolean localImports,
        int projectQueue,
        boolean networkByDefault,
        DiskPolicy disk,
        Retention retention,
        Duration collectInterval,
        int runCache) {
    /** Often enough that nobody waits for room, and seldom enough to cost nothing. */
    public static final Duration DEFAULT_COLLECT_INTERVAL = Duration.ofMinutes(10);

    /** 100 MiB, which clients expect. */
    public static final long DEFAULT_LOG_BUDGET = 100L << 20;

    /** A remembered run takes nothing but a few bytes of its record. */
    public static final int DEFAULT_RUN_CACHE = 10_000;

    public EngineConfig {
        if (maxRunning < 1 || maxImports < 1 || maxQueued < 0 || projectQueue < 0 || runCache < 0) {
            throw new IllegalArgumentException("the engine needs room for one run and one import: max-running "
                    + maxRunning + ", max-imports " + maxImports + ", max-queued " + maxQueued);
        }
        if (maxTimeout.toSeconds() < 1
                || maxImportTimeout.toSeconds() < 1
                || timeoutGrace.isNegative()
                || endGrace.isNegative()) {
            throw new IllegalArgumentException("the engine's timeouts must be a second or more: max-timeout "
                    + maxTimeout + ", max-import-timeout " + maxImportTimeout + ", timeout-grace " + timeoutGrace
                    + ", end-grace " + endGrace);
        }
    }
}
