package io.contree.engine.process;

import io.contree.api.EventType;
import io.contree.api.InstanceResult;
import io.contree.api.LimitReached;
import io.contree.api.OperationEvent;
import io.contree.api.RunOutcome;
import io.contree.api.StreamRepr;
import io.contree.engine.log.EventData;
import io.contree.engine.log.Events;
import io.contree.engine.log.LogPosition;
import io.contree.engine.log.LogTail;
import io.contree.linux.Cores;
import io.contree.linux.TimeSlice;
import io.contree.sandbox.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Puts the result of a process together from its events. */
public final class Results {
    private static final double MICROS = 1e6;
    private static final long LONG = 1 << 20;

    /** Reading a long log takes a core and part of its length in memory, so few are read at a time. */
    private static final Semaphore LONG_ONES = new Semaphore(Cores.forLongWork(), true);

    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private boolean stdoutTruncated;
    private boolean stderrTruncated;
    private final List<LimitReached> limits = new ArrayList<>();
    private int pid = -1;

    private final int spid;
    private boolean spawned;
    private @Nullable ExitStatus exit;

    private Results(int spid) {
        this.spid = spid;
    }

    /** The result of the main process so far; without an exit it is that of a process that still runs. */
    public static InstanceResult of(Path file, LogTail tail, Optional<ExitStatus> exit, Duration elapsed) {
        return read(file, tail, LogPosition.START, ProcessRecorder.MAIN).result(exit, elapsed);
    }

    /**
     * The result of any process, from its events alone; empty if it never started.
     *
     * @param start a position before its first event
     * @param ended whether the log is whole: a process without an exit then went down with its sandbox
     */
    public static Optional<InstanceResult> of(Path file, LogTail tail, LogPosition start, int spid, boolean ended) {
        Results results = read(file, tail, start, spid);
        if (!results.spawned) {
            return Optional.empty();
        }
        Optional<ExitStatus> exit = Optional.ofNullable(results.exit);
        if (exit.isEmpty() && ended) {
            exit = Optional.of(ExitStatuses.killed(results.pid, false, Duration.ZERO));
        }
        return Optional.of(results.result(exit, Duration.ZERO));
    }

    /** Nothing of a process comes after its exit, so nothing is read after it. */
    private static Results read(Path file, LogTail tail, LogPosition start, int spid) {
        Results results = new Results(spid);
        TimeSlice slice = new TimeSlice();
        boolean isLong = tail.length() - start.bytes() > LONG;
        if (isLong) {
            LONG_ONES.acquireUninterruptibly();
        }
        try {
            Events.until(file, tail, start, event -> {
                results.take(event);
                slice.yieldWhenUsedUp();
                return results.exit != null;
            });
        } finally {
            if (isLong) {
                LONG_ONES.release();
            }
        }
        return results;
    }

    private InstanceResult result(Optional<ExitStatus> ended, Duration elapsed) {
        return new InstanceResult(
                StreamRepr.of(stdout.toByteArray(), stdoutTruncated),
                StreamRepr.of(stderr.toByteArray(), stderrTruncated),
                ended.map(Results::state).orElseGet(this::running),
                ended.map(Results::resources).orElseGet(() -> running(elapsed)),
                spid == ProcessRecorder.MAIN ? null : ended.map(this::outcome).orElse(null));
    }

    /** The outcome of a further process; that of the main one is the run's. */
    private RunOutcome outcome(ExitStatus ended) {
        boolean memory = limits.stream().anyMatch(met -> met.limit() == LimitReached.Limit.MEMORY);
        return new RunOutcome(ExitStatuses.reason(ended, memory), limits);
    }

    private void take(OperationEvent event) {
        if (event.spid() == null || event.spid() != spid) {
            return;
        }
        switch (event.eventType()) {
            case STDOUT -> stdout.writeBytes(event.bytes());
            case STDERR -> stderr.writeBytes(event.bytes());
            case SPAWN -> {
                spawned = true;
                pid = event.data().get("pid") instanceof Number number ? number.intValue() : -1;
            }
            case EXIT -> exit = ExitStatuses.of(event.data());
            case LIMIT -> limits.add(EventData.limit(event.data()));
            case TRUNCATED -> {
                cut(event.data());
                stdoutTruncated |= EventType.STDOUT.wire().equals(event.data().get("stream"));
                stderrTruncated |= EventType.STDERR.wire().equals(event.data().get("stream"));
            }
            default -> {}
        }
    }

    private void cut(Map<String, @Nullable Object> data) {
        if (data.get("stream") instanceof String stream
                && EventType.of(stream) != EventType.STDIN
                && data.get("bytes_emitted") instanceof Number emitted
                && data.get("bytes_dropped") instanceof Number dropped) {
            limits.add(LimitReached.output(stream, emitted.longValue(), emitted.longValue() + dropped.longValue()));
        }
    }

    private InstanceResult.State running() {
        return new InstanceResult.State(-1, -1, pid, false, false, false, false);
    }

    private static InstanceResult.State state(ExitStatus exit) {
        return new InstanceResult.State(
                exit.code(), exit.signal(), exit.pid(), exit.timedOut(), exit.coreDumped(), false, false);
    }

    private static InstanceResult.Resources running(Duration elapsed) {
        double seconds = elapsed.toNanos() / 1e9;
        return new InstanceResult.Resources(seconds, seconds, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static InstanceResult.Resources resources(ExitStatus exit) {
        ExitStatus.ResourceUsage usage = exit.usage();
        double seconds = exit.duration().toNanos() / 1e9;
        return new InstanceResult.Resources(
                seconds,
                seconds,
                usage.userMicros() / MICROS,
                usage.systemMicros() / MICROS,
                usage.maxRss(),
                usage.sharedMemory(),
                usage.unsharedData() + usage.unsharedStack(),
                usage.minorFaults(),
                usage.majorFaults(),
                usage.swaps(),
                usage.blockInput(),
                usage.blockOutput(),
                usage.signals(),
                usage.voluntarySwitches(),
                usage.involuntarySwitches(),
                0);
    }
}
