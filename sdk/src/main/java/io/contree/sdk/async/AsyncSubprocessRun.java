package io.contree.sdk.async;

import io.contree.sdk.SubprocessRun;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The twin of {@link SubprocessRun}: a value. */
public final class AsyncSubprocessRun {
    private final SubprocessRun run;
    private final Calls calls;

    AsyncSubprocessRun(SubprocessRun run, Calls calls) {
        this.run = run;
        this.calls = calls;
    }

    /** Twin of {@link SubprocessRun#env(String, String)}. */
    public AsyncSubprocessRun env(String name, String value) {
        return with(next -> next.env(name, value));
    }

    /** Twin of {@link SubprocessRun#env(Map)}. */
    public AsyncSubprocessRun env(Map<String, String> variables) {
        return with(next -> next.env(variables));
    }

    /** Twin of {@link SubprocessRun#cwd(String)}. */
    public AsyncSubprocessRun cwd(String directory) {
        return with(next -> next.cwd(directory));
    }

    /** Twin of {@link SubprocessRun#user(int, int)}. */
    public AsyncSubprocessRun user(int uid, int gid) {
        return with(next -> next.user(uid, gid));
    }

    /** Twin of {@link SubprocessRun#user(String)}. */
    public AsyncSubprocessRun user(String user) {
        return with(next -> next.user(user));
    }

    /** Twin of {@link SubprocessRun#stdin(String)}. */
    public AsyncSubprocessRun stdin(String text) {
        return with(next -> next.stdin(text));
    }

    /** Twin of {@link SubprocessRun#stdin(byte[])}. */
    public AsyncSubprocessRun stdin(byte[] bytes) {
        return with(next -> next.stdin(bytes));
    }

    /** Twin of {@link SubprocessRun#openStdin()}. */
    public AsyncSubprocessRun openStdin() {
        return with(SubprocessRun::openStdin);
    }

    /** Twin of {@link SubprocessRun#outputLimit(int)}. */
    public AsyncSubprocessRun outputLimit(int bytes) {
        return with(next -> next.outputLimit(bytes));
    }

    /** Twin of {@link SubprocessRun#start()}. */
    public CompletableFuture<AsyncSubprocess> start() {
        return calls.call(() -> new AsyncSubprocess(run.start(), calls), AsyncSubprocess::killNow);
    }

    private AsyncSubprocessRun with(UnaryOperator<SubprocessRun> change) {
        return new AsyncSubprocessRun(change.apply(run), calls);
    }

    @Override
    public String toString() {
        return run.toString();
    }
}
