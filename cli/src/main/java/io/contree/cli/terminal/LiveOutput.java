package io.contree.cli.terminal;

import io.contree.sdk.Execution;
import io.contree.sdk.OutputListener;
import java.io.PrintStream;

/** Passes a command's output on to this process's own, byte for byte. */
public final class LiveOutput implements OutputListener {
    private final Terminal terminal;
    private final Execution execution;

    public LiveOutput(Terminal terminal, Execution execution) {
        this.terminal = terminal;
        this.execution = execution;
    }

    @Override
    public void stdout(byte[] bytes) {
        write(terminal.out(), bytes, "standard output");
    }

    @Override
    public void stderr(byte[] bytes) {
        write(terminal.err(), bytes, "standard error");
    }

    @Override
    public void truncated(String stream, long bytesDropped) {
        terminal.err()
                .println("contree: " + Bytes.text(bytesDropped) + " of " + stream
                        + " over the output limit were dropped; --output-limit raises it up to 10 MiB");
    }

    private void write(PrintStream to, byte[] bytes, String name) {
        to.write(bytes, 0, bytes.length);
        to.flush();
        if (to.checkError()) {
            execution.cancel();
            throw new CommandFailedException(
                    ExitCode.RUN_FAILED, "nobody reads " + name + " any more; the run was cancelled");
        }
    }
}
