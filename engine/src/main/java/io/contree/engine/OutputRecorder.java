package io.contree.engine;

import io.contree.api.SpawnRequest;
import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.ProcessListener;
import io.contree.sandbox.ProcessSpec;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Writes what the main process does into the event log, and tells how it ended. Called by one thread at a time. */
final class OutputRecorder implements ProcessListener {
    static final int SPID = 1;

    private final EventLog log;
    private final SpawnRequest request;
    private final ProcessSpec process;
    private final CompletableFuture<MainEnd> end = new CompletableFuture<>();
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();
    private final Map<Stream, Long> keptBytes = new EnumMap<>(Stream.class);
    private final Map<Stream, Long> lostBytes = new EnumMap<>(Stream.class);
    private volatile int pid = -1;

    OutputRecorder(EventLog log, SpawnRequest request, ProcessSpec process) {
        this.log = log;
        this.request = request;
        this.process = process;
    }

    /** True once it started and its {@code spawn} event is written, false once it is known that it never will. */
    CompletableFuture<Boolean> started() {
        return started;
    }

    /** How it ended, once it did; a full disk also is an end. */
    CompletableFuture<MainEnd> end() {
        return end;
    }

    /** Its process id inside, -1 before its start. */
    int pid() {
        return pid;
    }

    @Override
    public void started(int startedPid) {
        pid = startedPid;
        logging(() -> log.append(SPID, "spawn", EventData.spawn(startedPid, request, process)));
        started.complete(true);
    }

    @Override
    public void spawnFailed(String reason) {
        started.complete(false);
        end.complete(new MainEnd.SpawnFailed(reason));
    }

    @Override
    public void output(Stream stream, byte[] bytes) {
        logging(() -> {
            int kept = log.appendStream(SPID, name(stream), bytes);
            keptBytes.merge(stream, (long) kept, Long::sum);
            if (kept < bytes.length) {
                lostBytes.merge(stream, (long) bytes.length - kept, Long::sum);
            }
        });
    }

    @Override
    public void truncated(Stream stream, long emitted, long dropped) {
        lostBytes.merge(stream, dropped, Long::sum);
    }

    @Override
    public void exited(ExitStatus status) {
        logging(() -> {
            reportLosses();
            log.append(SPID, "exit", EventData.exit(status));
        });
        end.complete(new MainEnd.Exited(status));
    }

    @Override
    public void lost(String reason) {
        logging(this::reportLosses);
        started.complete(false);
        end.complete(new MainEnd.Lost(reason));
    }

    private void reportLosses() {
        lostBytes.forEach((stream, lost) -> log.append(
                SPID, "truncated", EventData.truncated(name(stream), keptBytes.getOrDefault(stream, 0L), lost)));
        lostBytes.clear();
    }

    private void logging(Runnable append) {
        try {
            append.run();
        } catch (UncheckedIOException e) {
            end.complete(new MainEnd.Lost(String.valueOf(e.getMessage())));
        }
    }

    private static String name(Stream stream) {
        return stream.name().toLowerCase(Locale.ROOT);
    }
}
