package io.contree.sdk.async;

import io.contree.sdk.Subprocesses;
import java.util.List;

/** The twin of {@link Subprocesses}. */
public final class AsyncSubprocesses {
    private final Subprocesses subprocesses;
    private final Calls calls;

    AsyncSubprocesses(Subprocesses subprocesses, Calls calls) {
        this.subprocesses = subprocesses;
        this.calls = calls;
    }

    /** Twin of {@link Subprocesses#command(String, String...)}. */
    public AsyncSubprocessRun command(String program, String... arguments) {
        return new AsyncSubprocessRun(subprocesses.command(program, arguments), calls);
    }

    /** Twin of {@link Subprocesses#command(List)}. */
    public AsyncSubprocessRun command(List<String> programAndArguments) {
        return new AsyncSubprocessRun(subprocesses.command(programAndArguments), calls);
    }

    /** Twin of {@link Subprocesses#shell(String)}. */
    public AsyncSubprocessRun shell(String expression) {
        return new AsyncSubprocessRun(subprocesses.shell(expression), calls);
    }

    /** Twin of {@link Subprocesses#get(int)}. */
    public AsyncSubprocess get(int spid) {
        return new AsyncSubprocess(subprocesses.get(spid), calls);
    }

    /** Twin of {@link Subprocesses#main()}. */
    public AsyncSubprocess main() {
        return new AsyncSubprocess(subprocesses.main(), calls);
    }
}
