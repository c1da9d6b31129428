package io.contree.engine.run;

import io.contree.api.EventType;
import io.contree.api.LimitReached;
import io.contree.api.LimitReached.Limit;
import io.contree.api.RunOutcome.Reason;
import io.contree.api.ShutdownReason;
import io.contree.api.SpawnRequest;
import io.contree.engine.EngineConfig;
import io.contree.engine.Outcome;
import io.contree.engine.Outcome.Failed;
import io.contree.engine.disk.DiskGuard;
import io.contree.engine.disk.DiskWatch;
import io.contree.engine.log.EventData;
import io.contree.engine.log.EventLog;
import io.contree.engine.operation.LiveOperation;
import io.contree.engine.operation.VerdictException;
import io.contree.engine.process.ExitStatuses;
import io.contree.engine.process.LiveProcesses;
import io.contree.engine.process.ProcessEnd;
import io.contree.engine.process.ProcessRecorder;
import io.contree.engine.process.RunPlan;
import io.contree.engine.process.SandboxLimits;
import io.contree.engine.request.RunNetwork;
import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.Sandbox;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.DiskUse;
import io.contree.store.PlacedFile;
import io.contree.store.StoreException;
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
 * <p>A run whose layer is larger than {@code max_layer_bytes} is FAILED and nothing of it is kept, and so is a
 * disposable one: the {@link DiskGuard} stops it while it works, and what the guard missed is found when the command
 * has ended. Keeping what a run wrote may take as long as the policy says, and a verdict ends that too.
 */
public final class InstanceRun {
    private final Workplaces workplaces;
    private final EngineConfig config;
    private final DiskGuard guard;
    private final Executor workers;
    private final Clock clock;

    public InstanceRun(Workplaces workplaces, EngineConfig config, DiskGuard guard, Executor workers, Clock clock) {
        this.workplaces = workplaces;
        this.config = config;
        this.guard = guard;
        this.workers = workers;
        this.clock = clock;
    }

    /**
     * Works on the calling thread and returns how it turned out; throws what store and sandbox throw. What it leaves is removed when the
     * operation has ended, so that nobody waits for that.
     */
    public Outcome run(LiveOperation operation, RunPlan plan) {
        operation.checkpoint();
        DiskWatch watch = guard.watch(operation, allowed(plan));
        operation.afterwards(watch::close);
        try {
            SpawnRequest request = plan.request();
            Workplace workplace = workplaces.make(plan.image(), request.runtime(), RunNetwork.policy(request));
            operation.afterwards(() -> {
                try (watch) {
                    workplace.close();
                }
            });
            watch.over(workplace.checkout());
            ProcessEnd end = work(operation, plan, workplace, watch);
            watch.written();
            Outcome outcome = conclude(operation, plan, workplace, end);
            if (outcome.reached().isEmpty()) {
                watch.thrownAway();
            }
            return outcome;
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.DISK_FULL) {
                return guard.ranFull(e);
            }
            throw e;
        } finally {
            if (operation.hasVerdict()) {
                operation.clearUp(); // it may have been stopped for the room that its files take
            }
        }
    }

    /** Nothing of the run is at work any more when this returns or throws, since its end may be told next. */
    private ProcessEnd work(LiveOperation operation, RunPlan plan, Workplace workplace, DiskWatch watch) {
        try {
            for (PlacedFile file : plan.files()) {
                operation.checkpoint();
                workplace.place(file, operation::checkpoint);
            }
            workplace.checkout().limitTo(allowed(plan));
            Sandbox sandbox = operation.interruptibly(() -> start(workplace, operation, plan.request()));
            operation.onVerdict(workplace::kill);
            watch.over(sandbox);
            return execute(operation, plan, sandbox);
        } finally {
            workplace.stop();
        }
    }

    private Sandbox start(Workplace workplace, LiveOperation operation, SpawnRequest request)
            throws InterruptedException {
        String id = "op-" + operation.record().uuid();
        return workplace.start(id, request.hostname(), config.limits());
    }

    private ProcessEnd execute(LiveOperation operation, RunPlan plan, Sandbox sandbox) {
        operation.awaitAcceptance();
        EventLog log = operation.log();
        String runtime = plan.request().runtime();
        String isolation = workplaces.sandboxes().isolation(runtime);
        log.append(0, EventType.INIT, EventData.init(clock.instant(), runtime, isolation));
        operation.executing();
        SandboxLimits limits = SandboxLimits.ofAll(sandbox, config.limits());
        LiveProcesses processes = new LiveProcesses(sandbox, log, plan, limits);
        ProcessRecorder main = processes.start().recorder();
        operation.running(processes);
        ProcessEnd end = awaitEnd(plan.process(), sandbox, main, log);
        limits.met().forEach(operation.limits()::add);
        main.cutOutput().forEach(operation.limits()::add);
        if (end instanceof ProcessEnd.Exited(ExitStatus status) && status.timedOut()) {
            operation.limits().add(LimitReached.time(plan.process().timeout(), status.duration()));
        }
        if (operation.limits().has(Limit.MEMORY)) {
            log.append(0, EventType.OOM, EventData.outOfMemory(config.limits().memoryBytes()));
        }
        sandbox.network().ifPresent(network -> log.append(0, EventType.NETWORK, EventData.network(network)));
        log.append(0, EventType.SHUTDOWN, EventData.shutdown(clock.instant(), reason(operation, end)));
        // The disk works on the log while the sandbox is taken down and its state is committed; the end waits for both.
        log.startSync(workers);
        return end;
    }

    private ProcessEnd awaitEnd(ProcessSpec process, Sandbox sandbox, ProcessRecorder recorder, EventLog log) {
        long startedAt = System.nanoTime();
        Duration longest = process.timeout().plus(process.grace()).plus(config.timeoutGrace());
        Optional<ProcessEnd> end = endWithin(recorder, longest);
        if (end.isPresent()) {
            return end.get();
        }
        sandbox.kill();
        Optional<ProcessEnd> killed = endWithin(recorder, config.timeoutGrace());
        if (killed.isPresent()
                && killed.get() instanceof ProcessEnd.Exited exited
                && exited.status().timedOut()) {
            return exited;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
        ExitStatus status = ExitStatuses.killed(recorder.pid(), true, took);
        if (killed.isEmpty() || !(killed.get() instanceof ProcessEnd.Exited)) {
            log.append(ProcessRecorder.MAIN, EventType.EXIT, EventData.exit(status));
        }
        return new ProcessEnd.Exited(status);
    }

    private static Optional<ProcessEnd> endWithin(ProcessRecorder recorder, Duration time) {
        try {
            return Optional.of(recorder.end().get(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes the end of a process with a failure", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerdictException();
        }
    }

    private static ShutdownReason reason(LiveOperation operation, ProcessEnd end) {
        return switch (end) {
            case ProcessEnd.SpawnFailed failed -> ShutdownReason.SPAWN_FAILED;
            case ProcessEnd.Lost lost -> ShutdownReason.SIGNAL;
            case ProcessEnd.Exited(ExitStatus status) -> {
                if (status.timedOut()) {
                    yield ShutdownReason.TIMEOUT;
                }
                if (ExitStatuses.reason(status, operation.limits().has(Limit.MEMORY)) == Reason.MEMORY_LIMIT) {
                    yield ShutdownReason.OUT_OF_MEMORY;
                }
                yield status.signal() > 0 || operation.hasVerdict()
                        ? ShutdownReason.SIGNAL
                        : ShutdownReason.JOB_COMPLETE;
            }
        };
    }

    private Outcome conclude(LiveOperation operation, RunPlan plan, Workplace workplace, ProcessEnd end) {
        return switch (end) {
            case ProcessEnd.SpawnFailed(String reason) -> new Failed(Reason.SPAWN_FAILED, "spawn failed: " + reason);
            case ProcessEnd.Lost(String reason) ->
                new Failed(
                        operation.limits().has(Limit.MEMORY) ? Reason.MEMORY_LIMIT : Reason.INFRASTRUCTURE,
                        "the sandbox was lost: " + reason);
            case ProcessEnd.Exited(ExitStatus status) ->
                operation.hasVerdict()
                        ? Failed.cutShort(Optional.of(status))
                        : keep(operation, plan, workplace, status);
        };
    }

    private Outcome keep(LiveOperation operation, RunPlan plan, Workplace workplace, ExitStatus status) {
        DiskUse allowed = allowed(plan);
        Runnable goOn = goOn(operation);
        try {
            DiskUse used = written(workplace.checkout(), allowed, goOn);
            if (!used.isWithin(allowed)) {
                String why = DiskGuard.aboveLimit(operation, used, allowed);
                return new Failed(Reason.DISK_LIMIT, why, Optional.of(status));
            }
            if (plan.request().disposable()) {
                return new Outcome.ThrownAway(status);
            }
            Commit commit = workplace.keep(plan.preservedEnv(), plan.preservedCwd(), goOn, operation.hold());
            return new Outcome.Kept(Outcome.Reached.of(commit.image()), commit.layerBytes(), status);
        } catch (VerdictException e) {
            return Failed.cutShort(Optional.of(status));
        }
    }

    private DiskUse allowed(RunPlan plan) {
        return new DiskUse(
                plan.request().resourcesLimits().maxLayerBytes(), config.disk().maxLayerFiles());
    }

    /** What a run wrote, exactly where it matters. */
    private static DiskUse written(Checkout checkout, DiskUse allowed, Runnable goOn) {
        return checkout.metered()
                .filter(use -> use.isWithin(allowed))
                .orElseGet(() -> checkout.use(() -> {
                    goOn.run();
                    return true;
                }));
    }

    /** Called between steps of keeping what was written: throws once there is a verdict, imposes one if out of time. */
    private Runnable goOn(LiveOperation operation) {
        Duration allowed = config.disk().commitTimeout();
        long deadline = System.nanoTime() + allowed.toNanos();
        return () -> {
            if (System.nanoTime() - deadline > 0) {
                Duration took = allowed.plusNanos(System.nanoTime() - deadline);
                operation.limits().add(LimitReached.time(allowed, took));
                operation.impose(new Failed(
                        Reason.TIME_LIMIT,
                        "keeping what the run wrote took longer than the server's commit-timeout of "
                                + allowed.toSeconds() + " s; nothing of it was kept. Let it write fewer files"));
            }
            operation.checkpoint();
        };
    }
}
