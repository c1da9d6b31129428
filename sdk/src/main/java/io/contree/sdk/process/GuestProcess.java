package io.contree.sdk.process;

import io.contree.api.OperationEvent;
import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.ConflictException;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Execution;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import io.contree.sdk.internal.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The main process of a run, as a {@link Process} of the JDK.
 *
 * <p>It has ended when its operation has: the state that it left is then an image, and a session that started it has moved
 * to it. The exit value is 128 plus the signal if one ended it, and 137 if the operation was cancelled. If the client
 * loses sight of it for good, whatever waits for the end throws the {@link ContreeClientException}.
 *
 * <p>Standard input is buffered: flush it to be read at once. A write waits until it is on its way to the process, for as
 * long as the process has not read what is there already. Output arrives whole and in order, also over a broken
 * connection, up to the output limit (10 MiB for each stream); where more was dropped, reading ends with an exception in
 * place of the end of the stream. The text methods of {@link Process} use the charset of this machine: give them UTF-8.
 *
 * <p>It goes on if this JVM ends, until its timeout; {@link #destroy} it. It is not a process of this machine: it has
 * neither a {@link #pid} nor a {@link #toHandle handle} here.
 */
public final class GuestProcess extends Process {
    static final int OUTPUT_LIMIT = 10 << 20;
    private static final Duration TIMEOUT = Duration.ofDays(1);

    private final Execution execution;
    private final Follower follower;
    private final OperationEvent spawn;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;

    private GuestProcess(Execution execution, Follower follower, OperationEvent spawn, Streams streams) {
        this.execution = execution;
        this.follower = follower;
        this.spawn = spawn;
        this.stdin = streams.isInputRedirected() ? OutputStream.nullOutputStream() : execution.stdin();
        this.stdout = streams.stdoutToRead();
        this.stderr = streams.stderrToRead();
    }

    /**
     * Starts a run as a process, and returns when it has started; see {@link Run#popen}.
     *
     * @throws IOException if it cannot be started
     */
    public static GuestProcess start(Run run) throws IOException {
        return start(run, Streams.pipes());
    }

    static GuestProcess start(Run run, Streams streams) throws IOException {
        Execution execution;
        try {
            execution = run.openStdin().withDefaults(TIMEOUT, OUTPUT_LIMIT).start();
        } catch (ContreeClientException e) {
            streams.close();
            throw cannotRun(run, e);
        }
        Follower follower = new Follower(execution, streams.stdout(), streams.stderr());
        ExecutorService threads = Workers.start();
        threads.execute(follower);
        try {
            OperationEvent spawn = follower.started().get();
            streams.feeder(execution).ifPresent(threads::execute);
            return new GuestProcess(execution, follower, spawn, streams);
        } catch (ExecutionException e) {
            throw cannotRun(run, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            execution.cancel();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("could not wait for the start of " + run.commandLine() + ": interrupted");
        } finally {
            threads.shutdown();
        }
    }

    private static IOException cannotRun(Run run, Throwable cause) {
        if (cause instanceof CallInterruptedException) {
            return (IOException) new InterruptedIOException(cause.getMessage()).initCause(cause);
        }
        return new IOException("Cannot run \"" + run.commandLine() + "\": " + cause.getMessage(), cause);
    }

    @Override
    public OutputStream getOutputStream() {
        return stdin;
    }

    @Override
    public InputStream getInputStream() {
        return stdout;
    }

    @Override
    public InputStream getErrorStream() {
        return stderr;
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return follower.ended().get();
        } catch (ExecutionException e) {
            throw lost(e);
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            if (!follower.ended().isDone()) {
                follower.ended().get(Math.max(0, timeout), unit);
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw lost(e);
        }
    }

    @Override
    public int exitValue() {
        if (isAlive()) {
            throw new IllegalThreadStateException("the process has not ended");
        }
        try {
            return follower.ended().get();
        } catch (ExecutionException e) {
            throw lost(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a future that is done waits for nothing", e);
        }
    }

    @Override
    public boolean isAlive() {
        return !follower.ended().isDone();
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return follower.ended().thenApply(code -> this);
    }

    /** Asks it to end (SIGTERM). What it wrote until then is kept. */
    @Override
    public void destroy() {
        signal("TERM");
    }

    /** Ends it (SIGKILL). What it wrote until then is kept; to throw it away, cancel its {@link #operation}. */
    @Override
    public Process destroyForcibly() {
        signal("KILL");
        return this;
    }

    /** True: {@link #destroy} lets it clean up. */
    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    /**
     * Sends a signal to it and its process group; nothing happens if it has ended.
     *
     * @param name such as {@code INT}, or a number
     */
    public void signal(String name) {
        try {
            execution.signal(name);
        } catch (NotFoundException | ConflictException e) {
            // It has ended.
        }
    }

    /** Always thrown: a number from another machine would name some other process here; {@link #guestPid} has it. */
    @Override
    public long pid() {
        throw new UnsupportedOperationException("a process in a sandbox has no pid on this machine");
    }

    /** Its process id inside of the sandbox. */
    public long guestPid() {
        return spawn.data().get("pid") instanceof Number pid ? pid.longValue() : -1;
    }

    /** Always thrown: there is no such process on this machine. */
    @Override
    public ProcessHandle toHandle() {
        throw new UnsupportedOperationException("a process in a sandbox has no handle on this machine");
    }

    /** Always thrown: what goes on inside is not seen from here. */
    @Override
    public Stream<ProcessHandle> children() {
        throw new UnsupportedOperationException("the children of a process in a sandbox have no handles here");
    }

    /** Always thrown: what goes on inside is not seen from here. */
    @Override
    public Stream<ProcessHandle> descendants() {
        throw new UnsupportedOperationException("the descendants of a process in a sandbox have no handles here");
    }

    /** What was started, when, as which user; and the CPU time once it has ended. */
    @Override
    public ProcessHandle.Info info() {
        return new GuestInfo(spawn, follower.exit());
    }

    /** The operation of its run. */
    public UUID operation() {
        return execution.operation();
    }

    /**
     * How it ended, with the image that it left.
     *
     * @throws IllegalThreadStateException if it has not ended
     * @throws IllegalStateException if its operation was cancelled, and left no result
     */
    public RunResult result() {
        exitValue();
        @Nullable RunResult result = follower.result();
        if (result == null) {
            throw new IllegalStateException("operation " + operation() + " was cancelled and left no result");
        }
        return result;
    }

    private static RuntimeException lost(ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
            return failure;
        }
        return new IllegalStateException("could not find out how the process ended: " + e.getCause(), e);
    }

    @Override
    public String toString() {
        return "GuestProcess[operation=" + operation() + ", "
                + (isAlive() ? "running" : "exitValue=" + follower.ended().getNow(-1)) + "]";
    }
}
