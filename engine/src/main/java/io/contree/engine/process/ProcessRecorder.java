package io.contree.engine.process;

import io.contree.api.EventType;
import io.contree.api.LimitReached;
import io.contree.engine.log.EventData;
import io.contree.engine.log.EventLog;
import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.ProcessListener;
import io.contree.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one process does into the event log, and tells how it ended. Nothing of a process comes after its {@code exit}.
 * Safe for use by several threads.
 */
public final class ProcessRecorder implements ProcessListener {
    /** The main process. */
    public static final int MAIN = 1;

    private final EventLog log;
    private final int spid;
    private final Supplier<List<LimitReached>> met;
    private final Consumer<String> logFailed;
    private final long limit;
    private final CompletableFuture<ProcessEnd> end = new CompletableFuture<>();
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();
    private final Map<EventType, Long> keptBytes = new LinkedHashMap<>();
    private final Map<EventType, Long> lostBytes = new LinkedHashMap<>();
    private final List<LimitReached> cutOutput = new ArrayList<>();
    private @Nullable ProcessPlan plan; // until it is known whether it started: it may be large
    private boolean over;
    private volatile int pid = -1;
    private volatile long startedAt;

    /**
     * @param met the limits that were met by its end, to be logged with it
     * @param logFailed told why the log takes nothing more; this process then counts as lost
     */
    ProcessRecorder(
            EventLog log, int spid, ProcessPlan plan, Supplier<List<LimitReached>> met, Consumer<String> logFailed) {
        this.met = met;
        this.log = log;
        this.spid = spid;
        this.plan = plan;
        this.limit = plan.spec().outputLimit();
        this.logFailed = logFailed;
    }

    /** True once it started and its {@code spawn} event is written, false once it is known that it never will. */
    public CompletableFuture<Boolean> started() {
        return started;
    }

    /** How it ended, once it has; a full disk is an end too. */
    public CompletableFuture<ProcessEnd> end() {
        return end;
    }

    /** The output streams that were cut, once it has ended. */
    public synchronized List<LimitReached> cutOutput() {
        return List.copyOf(cutOutput);
    }

    /** Its process id inside, -1 before its start. */
    public int pid() {
        return pid;
    }

    @Override
    public synchronized void started(int startedPid, int uid, int gid) {
        ProcessPlan spawned = plan;
        plan = null;
        pid = startedPid;
        startedAt = System.nanoTime();
        if (spawned != null) {
            logging(() -> log.append(
                    spid, EventType.SPAWN, EventData.spawn(startedPid, uid, gid, spawned.request(), spawned.spec())));
        }
        started.complete(true);
    }

    @Override
    public synchronized void spawnFailed(String reason) {
        plan = null;
        end.complete(new ProcessEnd.SpawnFailed(reason));
        started.complete(false);
    }

    /** Bytes that are about to be written to it; the log keeps as many of them as of an output stream. */
    synchronized void input(byte[] bytes) {
        if (over) {
            return;
        }
        long room = limit - keptBytes.getOrDefault(EventType.STDIN, 0L);
        int shown = (int) Math.min(bytes.length, room);
        if (shown < bytes.length) {
            lostBytes.merge(EventType.STDIN, (long) bytes.length - shown, Long::sum);
        }
        stream(EventType.STDIN, shown == bytes.length ? bytes : Arrays.copyOf(bytes, shown));
    }

    @Override
    public synchronized void output(Stream stream, byte[] bytes) {
        stream(type(stream), bytes);
    }

    private void stream(EventType stream, byte[] bytes) {
        logging(() -> {
            int kept = log.appendStream(spid, stream, bytes);
            keptBytes.merge(stream, (long) kept, Long::sum);
            if (kept < bytes.length) {
                lostBytes.merge(stream, (long) bytes.length - kept, Long::sum);
            }
        });
    }

    @Override
    public synchronized void truncated(Stream stream, long emitted, long dropped) {
        lostBytes.merge(type(stream), dropped, Long::sum);
    }

    @Override
    public synchronized void exited(ExitStatus status) {
        logging(() -> finish(status));
        end.complete(new ProcessEnd.Exited(status));
    }

    /** A subprocess that goes down with its sandbox gets an {@code exit} all the same: somebody may wait for it. */
    @Override
    public synchronized void lost(String reason) {
        logging(() -> {
            if (spid != MAIN && pid >= 0) {
                finish(ExitStatuses.killed(pid, false, Duration.ofNanos(System.nanoTime() - startedAt)));
            } else {
                reportLosses();
            }
        });
        end.complete(new ProcessEnd.Lost(reason));
        started.complete(false);
    }

    private void finish(ExitStatus status) {
        over = true;
        reportLosses();
        met.get().forEach(limit -> log.append(spid, EventType.LIMIT, EventData.limit(limit)));
        log.append(spid, EventType.EXIT, EventData.exit(status));
    }

    private void reportLosses() {
        lostBytes.forEach((stream, lost) -> {
            long kept = keptBytes.getOrDefault(stream, 0L);
            if (stream != EventType.STDIN) {
                // Less than the limit is kept where the log of the whole run is full.
                cutOutput.add(LimitReached.output(stream.wire(), Math.min(limit, kept + lost), kept + lost));
            }
            log.append(spid, EventType.TRUNCATED, EventData.truncated(stream, kept, lost));
        });
        lostBytes.clear();
    }

    private void logging(Runnable append) {
        try {
            append.run();
        } catch (StoreException e) {
            String reason = String.valueOf(e.getMessage());
            end.complete(new ProcessEnd.Lost(reason));
            logFailed.accept(reason);
        }
    }

    private static EventType type(Stream stream) {
        return switch (stream) {
            case STDOUT -> EventType.STDOUT;
            case STDERR -> EventType.STDERR;
        };
    }
}
