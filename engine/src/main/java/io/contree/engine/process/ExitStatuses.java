package io.contree.engine.process;

import io.contree.api.RunOutcome.Reason;
import io.contree.engine.Outcome;
import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.ExitStatus.ResourceUsage;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exits that nobody measured, and exits read back from a log. */
public final class ExitStatuses {
    private static final ResourceUsage NO_USAGE = new ResourceUsage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static final int SIGKILL = 9;

    private ExitStatuses() {}

    /** The exit of a process that was killed from outside. */
    public static ExitStatus killed(int pid, boolean timedOut, Duration duration) {
        return new ExitStatus(pid, -1, SIGKILL, timedOut, false, duration, NO_USAGE);
    }

    /** What decided how a process ended. */
    public static Reason reason(ExitStatus exit, boolean outOfMemory) {
        if (exit.timedOut()) {
            return Reason.TIME_LIMIT;
        }
        if (exit.signal() <= 0) {
            return Reason.EXITED;
        }
        return exit.signal() == SIGKILL && outOfMemory ? Reason.MEMORY_LIMIT : Reason.SIGNALLED;
    }

    /** What decided how a run turned out. */
    public static Reason reason(Outcome outcome, boolean outOfMemory) {
        return switch (outcome) {
            case Outcome.Failed failed -> failed.decided();
            case Outcome.Cancelled _ -> Reason.CANCELLED;
            case Outcome.Kept kept -> reason(kept.exited(), outOfMemory);
            case Outcome.ThrownAway thrownAway -> reason(thrownAway.exited(), outOfMemory);
            case Outcome.Imported _ -> Reason.EXITED;
        };
    }

    /** From the {@code data} of an {@code exit} event. */
    static ExitStatus of(Map<String, @Nullable Object> data) {
        return new ExitStatus(
                (int) number(data, "pid", -1),
                (int) number(data, "code", -1),
                (int) number(data, "signal", -1),
                Boolean.TRUE.equals(data.get("timed_out")),
                Boolean.TRUE.equals(data.get("core_dump")),
                Duration.ofMillis(number(data, "duration_ms", 0)),
                data.get("resources") instanceof Map<?, ?> usage ? usage(usage) : NO_USAGE);
    }

    private static ResourceUsage usage(Map<?, ?> data) {
        return new ResourceUsage(
                number(data, "user_time_us", 0),
                number(data, "sys_time_us", 0),
                number(data, "max_rss_kb", 0),
                number(data, "shared_memory", 0),
                number(data, "unshared_memory", 0),
                0, // the event has both kinds of unshared memory in one
                number(data, "minor_faults", 0),
                number(data, "major_faults", 0),
                number(data, "swaps", 0),
                number(data, "block_input_ops", 0),
                number(data, "block_output_ops", 0),
                number(data, "ipc_msgs_sent", 0),
                number(data, "ipc_msgs_received", 0),
                number(data, "signals_received", 0),
                number(data, "voluntary_ctx_switches", 0),
                number(data, "involuntary_ctx_switches", 0));
    }

    private static long number(Map<?, ?> data, String name, long absent) {
        return data.get(name) instanceof Number number ? number.longValue() : absent;
    }
}
