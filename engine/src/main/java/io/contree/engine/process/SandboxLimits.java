package io.contree.engine.process;

import io.contree.api.LimitReached;
import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxSpec.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * The limits of a whole sandbox, from some moment on.
 *
 * @param before what had happened by then
 */
public record SandboxLimits(Sandbox sandbox, Limits allowed, LimitEvents before) {
    /** From its start on. */
    public static SandboxLimits ofAll(Sandbox sandbox, Limits allowed) {
        return new SandboxLimits(sandbox, allowed, LimitEvents.NONE);
    }

    /** From now on. */
    SandboxLimits fromNow() {
        return new SandboxLimits(sandbox, allowed, sandbox.limitEvents());
    }

    /** Those that were met since then. */
    public List<LimitReached> met() {
        LimitEvents now = sandbox.limitEvents();
        List<LimitReached> met = new ArrayList<>();
        long kills = now.oomKills() - before.oomKills();
        if (kills > 0) {
            met.add(LimitReached.memory(allowed.memoryBytes(), now.memoryPeak(), kills));
        }
        long refused = now.forksRefused() - before.forksRefused();
        if (refused > 0) {
            met.add(LimitReached.pids(allowed.pids(), refused));
        } else if (now.pidsFull() && !before.pidsFull()) {
            met.add(LimitReached.pids(allowed.pids(), null));
        }
        return met;
    }
}
