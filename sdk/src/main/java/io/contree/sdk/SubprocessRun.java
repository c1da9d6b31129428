package io.contree.sdk;

import io.contree.api.ClientRequest;
import io.contree.sdk.internal.http.Completeness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A further process to be started in a run: a value. Each method gives another one with one thing changed. */
public final class SubprocessRun {
    private final Api api;
    private final UUID operation;
    /** The request as it goes over the wire. */
    private final ClientRequest request;

    private final @Nullable LongStdin longStdin;

    private SubprocessRun(Api api, UUID operation, ClientRequest request, @Nullable LongStdin longStdin) {
        this.longStdin = longStdin;
        this.api = api;
        this.operation = operation;
        this.request = request;
    }

    static SubprocessRun command(Api api, UUID operation, String program, List<String> arguments) {
        return new SubprocessRun(api, operation, ClientRequest.command(program).args(arguments), null);
    }

    static SubprocessRun shell(Api api, UUID operation, String expression) {
        return new SubprocessRun(
                api, operation, ClientRequest.command(expression).shell(true), null);
    }

    /** With an environment variable, besides those that are set. */
    public SubprocessRun env(String name, String value) {
        return env(Map.of(name, value));
    }

    /** With environment variables, besides those that are set. */
    public SubprocessRun env(Map<String, String> variables) {
        return with(request.env(variables));
    }

    /** In this directory, which is made if it is not there. */
    public SubprocessRun cwd(String directory) {
        return with(request.cwd(directory));
    }

    public SubprocessRun user(int uid, int gid) {
        return with(request.user(uid, gid));
    }

    /** As {@link Run#user(String)}. */
    public SubprocessRun user(String user) {
        return with(request.user(Objects.requireNonNull(user, "user")));
    }

    /** With this on standard input, as UTF-8; without it standard input is empty. */
    public SubprocessRun stdin(String text) {
        return stdin(text.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #stdin(String)}. More than 1 MiB is passed on while it runs, as fast as it reads. */
    public SubprocessRun stdin(byte[] bytes) {
        return bytes.length <= LongStdin.MOST
                ? new SubprocessRun(api, operation, request.stdin(bytes), null)
                : new SubprocessRun(api, operation, request.stdinToCome(), LongStdin.of(bytes));
    }

    /**
     * Leaves standard input open behind what is set, to be written to by {@link Subprocess#stdin()} until it is closed.
     *
     * @throws IllegalStateException if what is set is more than 1 MiB, and so is passed on up to its end
     */
    public SubprocessRun openStdin() {
        if (longStdin != null) {
            throw new IllegalStateException("standard input is set to more than " + LongStdin.MOST
                    + " bytes, behind which it cannot stay open; leave one of the two out, or write them to it");
        }
        return with(request.openStdin());
    }

    /** Keeps this many bytes of each output stream and drops what follows. */
    public SubprocessRun outputLimit(int bytes) {
        return with(request.outputLimit(bytes));
    }

    /**
     * Starts it; when this returns it runs.
     *
     * @throws InvalidRequestException if the program cannot be started
     * @throws ConflictException if the run has ended
     * @throws UnavailableException if the run still waits for its turn
     */
    public Subprocess start() {
        Started started = api.start(
                "start a process in operation " + operation,
                "/operations/" + operation + "/subprocesses",
                request,
                Started.class,
                late -> new Subprocess(api, operation, late.spid()).kill());
        Subprocess process = new Subprocess(api, operation, started.spid());
        if (longStdin != null) {
            StdinFeed.start(process, longStdin.open(), process::kill);
        }
        return process;
    }

    private record Started(int spid) implements Completeness.Answered {
        @Override
        public @Nullable Object essence() {
            return spid > 1 ? Integer.valueOf(spid) : null;
        }
    }

    private SubprocessRun with(ClientRequest changed) {
        return new SubprocessRun(api, operation, changed, longStdin);
    }

    @Override
    public String toString() {
        return "SubprocessRun[" + request.command() + " in operation " + operation + "]";
    }
}
