package io.contree.engine;

import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxProcess;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.PlacedFile;
import io.contree.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The work of a run: check out, place files, run in a sandbox, commit.
 *
 * <p>{@code max_layer_bytes} is enforced when the command has ended: a run whose layer is larger is FAILED and nothing of it is
 * kept; while it runs only the disk limits it.
 */
final class InstanceRun {
    private static final ExitStatus.ResourceUsage NO_USAGE =
            new ExitStatus.ResourceUsage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final Store store;
    private final Sandboxes sandboxes;
    private final EngineConfig config;
    private final Executor workers;
    private final Clock clock;

    InstanceRun(Store store, Sandboxes sandboxes, EngineConfig config, Executor workers, Clock clock) {
        this.store = store;
        this.sandboxes = sandboxes;
        this.config = config;
        this.workers = workers;
        this.clock = clock;
    }

    /** Works on the calling thread and returns what it came to; throws what store and sandbox throw. */
    Outcome run(LiveOperation operation, RunPlan plan) {
        operation.checkpoint();
        try (Checkout checkout = store.checkout(plan.image())) {
            for (PlacedFile file : plan.files()) {
                operation.checkpoint();
                checkout.place(file);
            }
            MainEnd end = inSandbox(operation, plan, checkout);
            return conclude(new Ending(operation, clock), plan, checkout, end);
        }
    }

    private MainEnd inSandbox(LiveOperation operation, RunPlan plan, Checkout checkout) {
        SandboxSpec spec = new SandboxSpec(
                "op-" + operation.record().uuid(),
                checkout.root(),
                plan.request().hostname(),
                config.limits());
        try (Sandbox sandbox = operation.interruptibly(() -> sandboxes.start(spec))) {
            operation.onVerdict(sandbox::kill);
            try {
                return execute(operation, plan, sandbox);
            } finally {
                operation.onVerdict(null);
            }
        }
    }

    private MainEnd execute(LiveOperation operation, RunPlan plan, Sandbox sandbox) {
        EventLog log = operation.log();
        log.append(0, "init", EventData.init(clock.instant()));
        log.append(0, "network", EventData.network());
        operation.executing();
        OutputRecorder recorder = new OutputRecorder(log, plan.request(), plan.process());
        SandboxProcess process = sandbox.spawn(plan.process(), recorder);
        feed(plan, log, recorder, process);
        MainEnd end = awaitEnd(plan.process().timeout(), sandbox, recorder, log);
        if (killedByMemoryLimit(end, sandbox)) {
            log.append(0, "oom", EventData.outOfMemory(config.limits().memoryBytes()));
        }
        log.append(0, "shutdown", EventData.shutdown(clock.instant(), reason(operation, end)));
        // The disk works on the log while the sandbox is taken down and its state is committed; the end waits for both.
        log.startSync(workers);
        return end;
    }

    private static void feed(RunPlan plan, EventLog log, OutputRecorder recorder, SandboxProcess process) {
        if (plan.process().stdinOpen()) {
            byte[] bytes = StdinBytes.of(plan.request().stdin());
            boolean close = plan.request().stdin().close();
            int logLimit = plan.request().truncateOutputAt();
            Thread.ofVirtual()
                    .name("stdin")
                    .start(new StdinFeeder(process, recorder.started(), log, bytes, close, logLimit));
        }
    }

    private MainEnd awaitEnd(Duration timeout, Sandbox sandbox, OutputRecorder recorder, EventLog log) {
        long startedAt = System.nanoTime();
        Optional<MainEnd> end = endWithin(recorder, timeout.plus(config.timeoutGrace()));
        if (end.isPresent()) {
            return end.get();
        }
        sandbox.kill();
        Optional<MainEnd> killed = endWithin(recorder, config.timeoutGrace());
        if (killed.isPresent()
                && killed.get() instanceof MainEnd.Exited exited
                && exited.status().timedOut()) {
            return exited;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
        ExitStatus status = new ExitStatus(recorder.pid(), -1, 9, true, false, took, NO_USAGE);
        if (killed.isEmpty() || !(killed.get() instanceof MainEnd.Exited)) {
            log.append(OutputRecorder.SPID, "exit", EventData.exit(status));
        }
        return new MainEnd.Exited(status);
    }

    private static Optional<MainEnd> endWithin(OutputRecorder recorder, Duration time) {
        try {
            return Optional.of(recorder.end().get(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes the end of a process with a failure", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndedException();
        }
    }

    private boolean killedByMemoryLimit(MainEnd end, Sandbox sandbox) {
        return end instanceof MainEnd.Exited(ExitStatus status)
                && status.signal() == 9
                && !status.timedOut()
                && sandbox.outOfMemory();
    }

    private static String reason(LiveOperation operation, MainEnd end) {
        return switch (end) {
            case MainEnd.SpawnFailed failed -> "spawn_failed";
            case MainEnd.Lost lost -> "signal";
            case MainEnd.Exited(ExitStatus status) -> {
                if (status.timedOut()) {
                    yield "timeout";
                }
                yield status.signal() > 0 || operation.hasVerdict() ? "signal" : "job_complete";
            }
        };
    }

    private static Outcome conclude(Ending ending, RunPlan plan, Checkout checkout, MainEnd end) {
        return switch (end) {
            case MainEnd.SpawnFailed(String reason) -> ending.failed("spawn failed: " + reason, Optional.empty());
            case MainEnd.Lost(String reason) -> ending.failed("the sandbox was lost: " + reason, Optional.empty());
            case MainEnd.Exited(ExitStatus status) -> {
                if (ending.operation().hasVerdict()) {
                    yield ending.ended(Optional.of(status));
                }
                yield plan.request().disposable() ? ending.thrownAway(status) : commit(ending, plan, checkout, status);
            }
        };
    }

    private static Outcome commit(Ending ending, RunPlan plan, Checkout checkout, ExitStatus status) {
        long allowed = plan.request().resourcesLimits().maxLayerBytes();
        long used = checkout.usedBytes();
        if (used > allowed) {
            return ending.failed(
                    "the run wrote " + used + " bytes, more than its resources_limits.max_layer_bytes of " + allowed
                            + "; nothing of it was kept",
                    Optional.of(status));
        }
        Commit commit = checkout.commit(plan.preservedEnv(), plan.preservedCwd());
        return ending.kept(Outcome.Reached.of(commit.image()), commit.layerBytes(), status);
    }
}
