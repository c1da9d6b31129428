package io.contree.engine;

import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxProcess;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Feeds the value of standard input to the main process, on a thread of its own and as fast as it reads. The log gets as much
 * of it as of an output stream. Ends with the process, however much it has read.
 */
final class StdinFeeder implements Runnable {
    private static final int PIECE = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SandboxProcess process;
    private final Future<Boolean> started;
    private final EventLog log;
    private final byte[] bytes;
    private final boolean close;
    private final int logLimit;

    StdinFeeder(
            SandboxProcess process, Future<Boolean> started, EventLog log, byte[] bytes, boolean close, int logLimit) {
        this.process = process;
        this.started = started;
        this.log = log;
        this.bytes = bytes;
        this.close = close;
        this.logLimit = logLimit;
    }

    @Override
    public void run() {
        try {
            if (started.get()) {
                record();
                feed();
                if (close) {
                    process.closeStdin();
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes the start of a process with a failure", e);
        } catch (SandboxException e) {
            // It closed its input or ended: what it did not read is nobody's loss.
        } catch (UncheckedIOException e) {
            // The next event of the main process meets the same full disk and ends the run.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void record() {
        int shown = Math.min(bytes.length, logLimit);
        if (shown > 0) {
            int kept = log.appendStream(OutputRecorder.SPID, "stdin", Arrays.copyOf(bytes, shown));
            shown = kept;
        }
        if (shown < bytes.length) {
            log.append(OutputRecorder.SPID, "truncated", EventData.truncated("stdin", shown, bytes.length - shown));
        }
    }

    private void feed() throws InterruptedException {
        int at = 0;
        while (at < bytes.length && process.isAlive()) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE));
            at += process.writeStdin(piece, PATIENCE);
        }
    }
}
