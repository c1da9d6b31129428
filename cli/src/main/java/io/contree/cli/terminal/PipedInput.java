package io.contree.cli.terminal;

import io.contree.sdk.Execution;
import io.contree.sdk.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

/**
 * Standard input for a run. What comes soon and is short goes with the request; the rest is passed on while the command
 * runs, however long it is. A pipe may be somebody's output or just be there, open and silent forever: if nothing comes
 * through it for a while, the run starts without it and says so.
 */
public final class PipedInput {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Longest wait for the rest of what has begun to come: somebody may be typing it, or following a log. */
    private static final Duration GATHERING = Duration.ofSeconds(1);

    private static final int MOST_IN_REQUEST = 1 << 20;

    private final Terminal terminal;

    public PipedInput(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Starts a run with it, once it has begun to come.
     *
     * @param await waits for that however long it takes
     */
    public Execution start(Run run, boolean await) {
        if (terminal.stdinKind() == Terminal.StdinKind.NONE) {
            return run.start();
        }
        ReadAhead input = ReadAhead.of(terminal.in());
        byte[] begun = begun(input, await || terminal.stdinKind() == Terminal.StdinKind.FILE);
        Run with = begun.length == 0 ? run : run.stdin(begun);
        return begun.length == 0 || input.ended()
                ? with.start()
                : with.openStdin().start().stdinFrom(input);
    }

    /** What goes with the request; nothing if nothing comes. */
    private byte[] begun(ReadAhead input, boolean forEver) {
        try {
            return begins(input, forEver) ? gathered(input) : new byte[0];
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.RUN_FAILED, "could not read standard input: " + e.getMessage() + "; nothing was run");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(ExitCode.RUN_FAILED, "interrupted while waiting for standard input");
        }
    }

    private boolean begins(ReadAhead input, boolean forEver) throws IOException, InterruptedException {
        boolean there = input.await(PATIENCE);
        while (!there && forEver) {
            there = input.await(PATIENCE);
        }
        if (!there) {
            terminal.err()
                    .println("contree: nothing on standard input for " + PATIENCE.toMillis()
                            + " ms; running without it (-i waits, </dev/null skips this)");
        }
        return there;
    }

    private static byte[] gathered(ReadAhead input) throws IOException, InterruptedException {
        ByteArrayOutputStream begun = new ByteArrayOutputStream();
        byte[] piece = new byte[64 << 10];
        long deadline = System.nanoTime() + GATHERING.toNanos();
        while (begun.size() < MOST_IN_REQUEST && input.await(Duration.ofNanos(deadline - System.nanoTime()))) {
            if (input.ended()) {
                break;
            }
            int read = input.read(piece, 0, Math.min(piece.length, MOST_IN_REQUEST - begun.size()));
            begun.write(piece, 0, read);
        }
        return begun.toByteArray();
    }
}
