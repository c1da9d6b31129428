package io.contree.sdk;

import java.util.List;
import java.util.UUID;

/** Further processes in the sandbox of a run that is at work. They share its files, and end with its main process. */
public final class Subprocesses {
    private static final int MAIN_PROCESS = 1;

    private final Api api;
    private final UUID operation;

    Subprocesses(Api api, UUID operation) {
        this.api = api;
        this.operation = operation;
    }

    /** A program with arguments, to be set up and started; PATH is searched for a bare name. */
    public SubprocessRun command(String program, String... arguments) {
        return SubprocessRun.command(api, operation, program, List.of(arguments));
    }

    /** A program with arguments, to be set up and started. */
    public SubprocessRun command(List<String> programAndArguments) {
        if (programAndArguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least the program");
        }
        return SubprocessRun.command(
                api, operation, programAndArguments.get(0), programAndArguments.subList(1, programAndArguments.size()));
    }

    /** A shell expression, to be set up and started, with the image's environment. */
    public SubprocessRun shell(String expression) {
        return SubprocessRun.shell(api, operation, expression);
    }

    /** The process with this number, the {@code spid} of its events; sends nothing. */
    public Subprocess get(int spid) {
        return new Subprocess(api, operation, spid);
    }

    /** The process that the run was started with. Its end is the end of the run. */
    public Subprocess main() {
        return get(MAIN_PROCESS);
    }
}
