package io.contree.sdk.process;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.sdk.EventStream;
import io.contree.sdk.Execution;
import io.contree.sdk.OperationCancelledException;
import io.contree.sdk.OutputListener;
import io.contree.sdk.RunResult;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Follows the log of a process to its end, on a thread of its own. */
final class Follower implements Runnable, OutputListener {
    private static final int MAIN_PROCESS = 1;
    private static final int KILLED = 128 + 9;

    private final Execution execution;
    private final Sink stdout;
    private final Sink stderr;
    /** Completed with the event of the start, or with why there is none. */
    private final CompletableFuture<OperationEvent> started = new CompletableFuture<>();

    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private volatile @Nullable OperationEvent exit;
    private volatile @Nullable RunResult result;

    Follower(Execution execution, Sink stdout, Sink stderr) {
        this.execution = execution;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    CompletableFuture<OperationEvent> started() {
        return started;
    }

    /** The exit value, once the operation has ended and its result is known. */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    @Nullable
    OperationEvent exit() {
        return exit;
    }

    @Nullable
    RunResult result() {
        return result;
    }

    @Override
    public void run() {
        try (EventStream events = execution.events()) {
            while (events.hasNext()) {
                hear(events.next());
            }
            conclude();
        } catch (Throwable e) { // also an Error: somebody waits for the end
            IOException lost = new IOException("the process is out of sight: " + e.getMessage(), e);
            stdout.incomplete(lost);
            stderr.incomplete(lost);
            started.completeExceptionally(e);
            endStreams();
            ended.completeExceptionally(e);
        }
    }

    private void hear(OperationEvent event) {
        EventType type = event.eventType();
        boolean main = event.spid() != null && event.spid() == MAIN_PROCESS;
        if (type == EventType.SPAWN && main) {
            started.complete(event);
        } else if (type == EventType.EXIT && main) {
            exit = event;
            endStreams();
        } else if (type == EventType.SIZE_CAP) {
            IOException full = new IOException("further output was dropped: the log of the operation is full");
            stdout.incomplete(full);
            stderr.incomplete(full);
        } else {
            Execution.deliver(event, this);
        }
    }

    private void conclude() {
        endStreams();
        try {
            RunResult end = execution.await();
            result = end;
            started.completeExceptionally(new IOException("the process ended before it was seen to start"));
            ended.complete(end.signal().isPresent() ? 128 + end.signal().getAsInt() : end.exitCode());
        } catch (OperationCancelledException e) {
            started.completeExceptionally(e);
            ended.complete(KILLED);
        }
    }

    private void endStreams() {
        stdout.end();
        stderr.end();
    }

    @Override
    public void stdout(byte[] bytes) {
        stdout.write(bytes);
    }

    @Override
    public void stderr(byte[] bytes) {
        stderr.write(bytes);
    }

    @Override
    public void truncated(String stream, long bytesDropped) {
        IOException dropped = new IOException(bytesDropped + " bytes of " + stream
                + " were dropped at the output limit; write large output to a file inside");
        (EventType.of(stream) == EventType.STDERR ? stderr : stdout).incomplete(dropped);
    }
}
