package io.contree.engine;

import io.contree.api.ProcessRequest;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxProcess;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The processes of one running sandbox: the main one, and those that callers add while it lives. Safe for use by several
 * threads.
 */
final class LiveProcesses {
    private final Sandbox sandbox;
    private final EventLog log;
    private final RunPlan plan;
    private final Map<Integer, LiveProcess> alive = new ConcurrentHashMap<>();
    private final LiveProcess main;
    private int lastSpid;

    /**
     * Spawns the main process.
     *
     * @throws io.contree.sandbox.SandboxException if the sandbox has ended
     */
    LiveProcesses(Sandbox sandbox, EventLog log, RunPlan plan) {
        this.sandbox = sandbox;
        this.log = log;
        this.plan = plan;
        this.main = spawn(plan.main());
    }

    LiveProcess main() {
        return main;
    }

    /** True once the main process has ended: everything else ends with it. */
    boolean over() {
        return main.recorder().end().isDone();
    }

    /** Spawns a further process; as the constructor. */
    LiveProcess spawn(ProcessRequest request) {
        return spawn(plan.subprocess(request));
    }

    // One at a time, so that the spid that its events carry is known before the first of them can come.
    private synchronized LiveProcess spawn(ProcessPlan process) {
        int spid = lastSpid + 1;
        ProcessRecorder recorder = new ProcessRecorder(log, spid, process, this::logFailed);
        SandboxProcess spawned = sandbox.spawn(process.spec(), recorder);
        if (spawned.spid() != spid) {
            throw new IllegalStateException("process " + spid + " was spawned as " + spawned.spid());
        }
        lastSpid = spid;
        LiveProcess live = new LiveProcess(spawned, recorder, ProcessInput.of(spawned, recorder, process));
        alive.put(spid, live);
        var _ = recorder.end().thenRun(() -> alive.remove(spid));
        return live;
    }

    /** What a subprocess cannot log ends the run, as what the main one cannot. */
    private void logFailed(String reason) {
        LiveProcess first = alive.get(ProcessRecorder.MAIN);
        if (first != null) {
            first.recorder().end().complete(new ProcessEnd.Lost(reason));
        }
    }

    /** A process that has not ended, as far as is known. */
    Optional<LiveProcess> process(int spid) {
        return Optional.ofNullable(alive.get(spid))
                .filter(live -> live.process().isAlive());
    }
}
