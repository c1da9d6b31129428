package io.contree.engine.local;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.InstanceResult;
import io.contree.api.OperationKind;
import io.contree.api.ProcessRequest;
import io.contree.api.Stdin;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationRecord;
import io.contree.engine.Subprocesses;
import io.contree.engine.log.LogDirectory;
import io.contree.engine.log.LogPosition;
import io.contree.engine.log.LogTail;
import io.contree.engine.log.StillLog;
import io.contree.engine.operation.LiveOperation;
import io.contree.engine.operation.LiveOperations;
import io.contree.engine.process.LiveProcess;
import io.contree.engine.process.LiveProcesses;
import io.contree.engine.process.ProcessEnd;
import io.contree.engine.process.ProcessInput;
import io.contree.engine.process.ProcessRecorder;
import io.contree.engine.process.Results;
import io.contree.engine.request.FrameLimit;
import io.contree.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Processes in the sandboxes of this engine. */
final class LocalSubprocesses implements Subprocesses {
    /** For a run that waits for its turn: who knows how long that takes. */
    private static final Duration QUEUED = Duration.ofSeconds(1);

    /** For a sandbox that is coming up: whoever sees ASSIGNED may count on it. */
    private static final Duration PREPARED = Duration.ofSeconds(30);

    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration WRITE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final LiveOperations live;
    private final LogDirectory logs;

    LocalSubprocesses(LiveOperations live, LogDirectory logs) {
        this.live = live;
        this.logs = logs;
    }

    @Override
    public int create(Caller caller, UUID operation, ProcessRequest request) throws InterruptedException {
        LiveProcesses running = running(caller, operation, ErrorCode.CONFLICT);
        FrameLimit.check(request);
        if (running.over()) {
            throw ended(operation, ErrorCode.CONFLICT);
        }
        LiveProcess process;
        try {
            process = running.spawn(request);
        } catch (SandboxException e) {
            throw ended(operation, ErrorCode.CONFLICT);
        }
        if (!started(process)) {
            throw notStarted(operation, process);
        }
        return process.process().spid();
    }

    private static boolean started(LiveProcess process) throws InterruptedException {
        try {
            return process.recorder().started().get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ContreeException(
                    ErrorCode.TIMEOUT,
                    "Process " + process.process().spid() + " did not start within " + START.toSeconds()
                            + " s, and may yet; see the operation's events before trying again.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes the start of a process with a failure", e);
        }
    }

    private static ContreeException notStarted(UUID operation, LiveProcess process) {
        return process.recorder().end().getNow(new ProcessEnd.Lost("it ended")) instanceof ProcessEnd.SpawnFailed failed
                ? new ContreeException(ErrorCode.INVALID_ARGUMENT, "spawn failed: " + failed.reason())
                : ended(operation, ErrorCode.CONFLICT);
    }

    @Override
    public InstanceResult get(Caller caller, UUID operation, int spid) {
        Action.LOOK.require(caller);
        Optional<LiveOperation> running = live.get(caller.project(), operation);
        Path file = logs.file(operation);
        LogTail tail = running.<LogTail>map(LiveOperation::log)
                .orElseGet(() -> still(live.recorded(caller.project(), operation), file));
        LogPosition start = running.flatMap(LiveOperation::processes)
                .map(processes -> processes.start(spid))
                .orElse(LogPosition.START);
        return Results.of(file, tail, start, spid, running.isEmpty()).orElseThrow(() -> {
            boolean comes = spid == ProcessRecorder.MAIN
                    && running.isPresent()
                    && running.get().record().kind() == OperationKind.INSTANCE;
            return comes ? tooEarly(operation) : notThere(operation, spid, "was ever started");
        });
    }

    /** One that is missing may have been removed by what the project keeps. */
    private static LogTail still(OperationRecord record, Path file) {
        return Files.exists(file) ? StillLog.of(record.uuid(), file, record.end()) : new StillLog(file, record.end());
    }

    @Override
    public void kill(Caller caller, UUID operation, int spid, int signal) throws InterruptedException {
        LiveProcess process = process(caller, operation, spid, ErrorCode.CONFLICT);
        try {
            process.process().signal(signal);
        } catch (SandboxException e) {
            throw notThere(operation, spid, "is alive");
        }
    }

    @Override
    public void writeStdin(Caller caller, UUID operation, int spid, Stdin stdin) throws InterruptedException {
        byte[] bytes = stdin.bytes();
        LiveProcess process = process(caller, operation, spid, ErrorCode.GONE);
        ProcessInput.Progress written;
        try {
            written = process.input().write(bytes, stdin.close(), WRITE);
        } catch (SandboxException e) {
            if (!process.process().isAlive()) {
                throw notThere(operation, spid, "is alive");
            }
            throw new ContreeException(
                    ErrorCode.CONFLICT,
                    "The standard input of process " + spid + " of operation " + operation
                            + " is closed; start a process with stdin.close false to write to it later.");
        }
        String late = "Process " + spid + " of operation " + operation + " did not read its standard input within "
                + WRITE.toSeconds() + " s; ";
        switch (written) {
            case NOTHING ->
                throw new ContreeException(
                        ErrorCode.TIMEOUT, late + "nothing of the value was sent, so send it again.", RETRY);
            case PART -> throw new ContreeException(ErrorCode.TIMEOUT, late + "part of the value has arrived.");
            case ALL -> {}
        }
    }

    private LiveProcess process(Caller caller, UUID operation, int spid, ErrorCode whenEnded)
            throws InterruptedException {
        LiveProcesses running = running(caller, operation, whenEnded);
        Optional<LiveProcess> process = running.process(spid);
        if (process.isEmpty() && running.over()) {
            throw ended(operation, whenEnded);
        }
        return process.orElseThrow(() -> notThere(operation, spid, "is alive"));
    }

    private LiveProcesses running(Caller caller, UUID operation, ErrorCode whenEnded) throws InterruptedException {
        Action.RUN.require(caller);
        Optional<LiveOperation> found = live.get(caller.project(), operation);
        OperationRecord record = found.isPresent() ? found.get().record() : live.recorded(caller.project(), operation);
        if (!(record.request() instanceof OperationDetails.Instance run)) {
            throw new ContreeException(
                    ErrorCode.CONFLICT, "Operation " + operation + " is an import; only runs have processes.");
        }
        Action.requireSteer(caller, run.spawn().disposable());
        if (found.isEmpty()) {
            throw ended(operation, whenEnded);
        }
        LiveProcesses processes = found.get()
                .awaitProcesses(QUEUED, PREPARED)
                .orElseThrow(() -> found.get().settled() ? ended(operation, whenEnded) : tooEarly(operation));
        found.get().steered();
        return processes;
    }

    private static ContreeException tooEarly(UUID operation) {
        return new ContreeException(
                ErrorCode.TOO_EARLY, "Operation " + operation + " is not running yet; try again soon.", RETRY);
    }

    private static ContreeException ended(UUID operation, ErrorCode code) {
        return new ContreeException(
                code, "The main process of operation " + operation + " has ended, and all others with it.");
    }

    private static ContreeException notThere(UUID operation, int spid, String what) {
        return new ContreeException(
                ErrorCode.NOT_FOUND, "No process " + spid + " of operation " + operation + " " + what + ".");
    }
}
