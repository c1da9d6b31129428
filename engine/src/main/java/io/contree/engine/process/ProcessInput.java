package io.contree.engine.process;

import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxProcess;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Standard input of one process: first the value of its request, on a thread of its own and as fast as the process
 * reads, then what callers write. Safe for use by several threads; each write stays in one piece.
 */
public final class ProcessInput {
    private static final int PIECE = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SandboxProcess process;
    private final ProcessRecorder recorder;
    private final UnreadInput unread;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final ReentrantLock order = new ReentrantLock(true);
    private volatile boolean open;

    /** How much of a write is on its way to the process. */
    public enum Progress {
        NOTHING,
        PART,
        ALL
    }

    private ProcessInput(SandboxProcess process, ProcessRecorder recorder, UnreadInput unread, boolean open) {
        this.process = process;
        this.recorder = recorder;
        this.unread = unread;
        this.open = open;
    }

    /** Begins to feed a process that was spawned just now. */
    static ProcessInput of(SandboxProcess process, ProcessRecorder recorder, UnreadInput unread, ProcessPlan plan) {
        boolean close = plan.request().stdin().close();
        ProcessInput input =
                new ProcessInput(process, recorder, unread, plan.spec().stdinOpen() && !close);
        byte[] bytes = plan.request().stdin().bytes();
        if (plan.spec().stdinOpen()) {
            Thread.ofVirtual().name("stdin").start(() -> input.begin(bytes, close));
        } else {
            input.first.complete(null);
        }
        return input;
    }

    private void begin(byte[] bytes, boolean close) {
        try {
            if (recorder.started().get()) {
                int at = 0;
                while (at < bytes.length) {
                    at += feed(bytes, at, PATIENCE.toNanos()); // it may read slowly; its end also ends this
                }
                if (close) {
                    process.closeStdin();
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes the start of a process with a failure", e);
        } catch (SandboxException e) {
            open = false; // it closed its input or ended: what it did not read is nobody's loss
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            first.complete(null);
        }
    }

    /** Done once the process has read the value of its request, or never will. */
    CompletableFuture<Void> begun() {
        return first;
    }

    /**
     * Writes after what was written before, and then closes if told to. What fits into one piece goes through as a
     * whole or not at all.
     *
     * @return how much of it went through in time
     * @throws SandboxException CLOSED if it is closed or the process ended
     * @throws io.contree.api.ContreeException TOO_MANY_REQUESTS if too much waits to be read already
     */
    public Progress write(byte[] bytes, boolean close, Duration patience) throws InterruptedException {
        unread.hold(bytes.length);
        try {
            return writeHeld(bytes, close, patience);
        } finally {
            unread.release(bytes.length);
        }
    }

    private Progress writeHeld(byte[] bytes, boolean close, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        if (!firstWithin(patience) || !order.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return Progress.NOTHING;
        }
        try {
            if (!open) {
                throw closed();
            }
            int fed = feed(bytes, 0, deadline - System.nanoTime());
            if (fed < bytes.length) {
                return fed == 0 ? Progress.NOTHING : Progress.PART;
            }
            if (close) {
                close(bytes.length > 0);
            }
            return Progress.ALL;
        } catch (SandboxException e) {
            open = false;
            throw e;
        } finally {
            order.unlock();
        }
    }

    private void close(boolean afterBytes) {
        open = false;
        try {
            process.closeStdin();
        } catch (SandboxException e) {
            // Having read all of the bytes, it may end before it is told that there are no more.
            if (!afterBytes) {
                throw e;
            }
        }
    }

    private SandboxException closed() {
        return new SandboxException(
                SandboxException.Kind.CLOSED, "the standard input of process " + process.spid() + " is closed");
    }

    private boolean firstWithin(Duration patience) throws InterruptedException {
        try {
            first.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes the first input with a failure", e);
        }
    }

    /** Sends the bytes from {@code begin} on; returns how many the process took within the time, in whole pieces. */
    private int feed(byte[] bytes, int begin, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        int at = begin;
        while (at < bytes.length) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE));
            if (!process.awaitStdin(piece.length, Duration.ofNanos(deadline - System.nanoTime()))) {
                break;
            }
            recorder.input(piece); // before anything that the process answers to it
            process.writeStdin(piece, PATIENCE);
            at += piece.length;
        }
        return at - begin;
    }
}
