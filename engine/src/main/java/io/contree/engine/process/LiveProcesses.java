package io.contree.engine.process;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.LimitReached;
import io.contree.api.ProcessRequest;
import io.contree.engine.log.EventLog;
import io.contree.engine.log.LogPosition;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxProcess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one running sandbox: the main one, and those that callers add while it lives. Safe for use by several
 * threads.
 */
public final class LiveProcesses {
    private final Sandbox sandbox;
    private final EventLog log;
    private final RunPlan plan;
    private final SandboxLimits limits;
    private final UnreadInput unread = new UnreadInput();
    private final Map<Integer, LiveProcess> alive = new ConcurrentHashMap<>();
    private final Map<Integer, LogPosition> starts = new ConcurrentHashMap<>();
    private volatile @Nullable LiveProcess main;
    private int lastSpid;

    public LiveProcesses(Sandbox sandbox, EventLog log, RunPlan plan, SandboxLimits limits) {
        this.sandbox = sandbox;
        this.log = log;
        this.plan = plan;
        this.limits = limits;
    }

    /**
     * Spawns the main process, before any other.
     *
     * @throws io.contree.sandbox.SandboxException if the sandbox has ended
     */
    public LiveProcess start() {
        LiveProcess started = spawn(plan.main());
        main = started;
        return started;
    }

    /** True once the main process has ended: everything else ends with it. */
    public boolean over() {
        LiveProcess started = main;
        return started != null && started.recorder().end().isDone();
    }

    /**
     * Spawns a further process; as {@link #start}.
     *
     * @throws ContreeException CONFLICT if the log has no room to tell of it, TOO_MANY_REQUESTS if processes have yet to read too
     *     much of their input
     */
    public LiveProcess spawn(ProcessRequest request) {
        if (log.serviceFull()) {
            throw new ContreeException(
                    ErrorCode.CONFLICT,
                    "The event log of this operation is full of events about its processes; end it, and go on in a new"
                            + " one on the image that it leaves.");
        }
        ProcessPlan process = plan.subprocess(request);
        long held = request.stdin().value().length();
        unread.hold(held);
        LiveProcess spawned;
        try {
            spawned = spawn(process);
        } catch (RuntimeException e) {
            unread.release(held);
            throw e;
        }
        var _ = spawned.input().begun().thenRun(() -> unread.release(held));
        return spawned;
    }

    // One at a time, so that the spid that its events carry is known before the first of them can come.
    private synchronized LiveProcess spawn(ProcessPlan process) {
        int spid = lastSpid + 1;
        // What the sandbox met while the main process ran is in the record of the run.
        Supplier<List<LimitReached>> met = spid == ProcessRecorder.MAIN ? List::of : limits.fromNow()::met;
        ProcessRecorder recorder = new ProcessRecorder(log, spid, process, met, this::logFailed);
        starts.put(spid, log.position());
        SandboxProcess spawned = sandbox.spawn(process.spec(), recorder);
        if (spawned.spid() != spid) {
            throw new IllegalStateException("process " + spid + " was spawned as " + spawned.spid());
        }
        lastSpid = spid;
        LiveProcess live = new LiveProcess(spawned, recorder, ProcessInput.of(spawned, recorder, unread, process));
        alive.put(spid, live);
        var _ = recorder.end().thenRun(() -> alive.remove(spid));
        return live;
    }

    /** A subprocess that cannot be logged ends the run, as the main one does. */
    private void logFailed(String reason) {
        LiveProcess first = alive.get(ProcessRecorder.MAIN);
        if (first != null) {
            first.recorder().end().complete(new ProcessEnd.Lost(reason));
        }
    }

    /** A process that has not ended, as far as is known. */
    public Optional<LiveProcess> process(int spid) {
        return Optional.ofNullable(alive.get(spid))
                .filter(live -> live.process().isAlive());
    }

    /** A position in the log before everything that a process did. */
    public LogPosition start(int spid) {
        return starts.getOrDefault(spid, LogPosition.START);
    }
}
